using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Reporting;

/// <summary>The pages of capacities and plans.</summary>
public sealed class DecisionHtmlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-report-").FullName;

    private string Report => Path.Combine(_folder, "report.html");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_browser_draws_a_capacity(bool dark)
    {
        string screen = Terminal.Print("capacity", "--slo=ttft.p99:500ms,tpot.p90:50ms", "--precision", "0.2", "--uncertainty", "off", "--report", Report);
        Browser.Page page = Open("", dark);

        // Two objectives, each with its bound, and the throughput at twelve rates; then what bounds the time and where it goes.
        Assert.Equal(["12 12", "12 12", "12", "5", "12"], page.Points.Take(5));
        string rate = screen.Split('\n').Single(line => line.StartsWith("Capacity", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.Contains($"<dt>Capacity</dt><dd>{rate} <small>requests/s</small></dd>", page.Dom, StringComparison.Ordinal);
        Assert.Equal(3, page.Dom.Split("<td class=\"bad\">no</td>").Length - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_browser_draws_a_plan_and_copies_its_commands(bool dark)
    {
        string screen = Plan();
        string first = Open("document.querySelector('.command button').click();", dark).Dom;
        Assert.Contains("role=\"status\" data-text=\"vllm serve meta-llama/Llama-3.1-8B \\", first, StringComparison.Ordinal);

        // A dot is picked: that of the last deployment, whose command is the one to be copied.
        Browser.Page page = Open("""
            const names = [...document.querySelectorAll('.commands')].map(one => one.dataset.name);
            document.querySelector('figure').dispatchEvent(new CustomEvent('pick', { detail: names.at(-1) }));
            """, dark);
        int front = screen.Split('\n').Count(line => line.StartsWith('#'));
        Assert.True(front >= 3);
        Assert.Contains($"Copied: #{front} ", page.Dom, StringComparison.Ordinal);
        Assert.Equal(2, page.Points.Count);
        Assert.All(page.Points, points => Assert.Equal(front, points.Split(' ').Sum(int.Parse)));
        Assert.Equal(2 * front, page.Dom.Split("<pre tabindex=\"0\">").Length - 1);
    }

    [Fact]
    public void A_click_on_a_dot_picks_its_deployment()
    {
        Plan();
        Browser.Page page = Open("""
            const plot = document.querySelector('figure .plot');
            const dot = [...plot.querySelectorAll('path')].filter(path => path.getAttribute('transform')?.includes('matrix(4')).at(0);
            const place = dot.getBoundingClientRect();
            for (const name of ['mousemove', 'mousedown', 'mouseup', 'click']) {
              const at = { bubbles: true, clientX: place.x + place.width / 2, clientY: place.y + place.height / 2, view: window };
              plot.firstElementChild.dispatchEvent(new MouseEvent(name, at));
            }
            """, dark: false);
        Assert.Contains("Copied: #", page.Dom, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_of_both_says_what_the_screen_says()
    {
        using var capacity = System.Text.Json.JsonDocument.Parse(Terminal.Print("capacity", "--slo=ttft.p99:500ms", "--precision", "0.2", "--uncertainty", "off", "--json", "-"));
        Assert.Equal(12, capacity.RootElement.GetProperty("curve").GetArrayLength());
        Assert.InRange(capacity.RootElement.GetProperty("capacity").GetDouble(), 5, 50);
        using var plan = System.Text.Json.JsonDocument.Parse(Plan("--json", "-"));
        System.Text.Json.JsonElement best = plan.RootElement.GetProperty("front")[0];
        Assert.StartsWith("vllm serve meta-llama/Llama-3.1-8B --tensor-parallel-size", best.GetProperty("serve").GetString(), StringComparison.Ordinal);
        Assert.True(best.GetProperty("keeps_goal").GetBoolean());
        Assert.Equal("cost", plan.RootElement.GetProperty("ranks_by").GetString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Plan(params string[] more) => Terminal.Print(
        ["plan", "--model", "llama-3.1-8b", "--gpus", "h100,a100", "--max-gpus", "4", "--pp", "1", "--request-rate", "20", "--num-requests", "600",
            "--slo=ttft.p99:500ms,tpot.p99:30ms", "--uncertainty", "off", "--report", Report, .. more]);

    private Browser.Page Open(string script, bool dark)
    {
        string path = Path.Combine(_folder, "opened.html");
        File.WriteAllText(path, File.ReadAllText(Report).Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal));
        Browser.Page page = Browser.Open(path, dark);
        Assert.Empty(page.Console);
        Assert.DoesNotContain("data-problems", page.Dom, StringComparison.Ordinal);
        return page;
    }
}
