using System.Globalization;
using LlmSim.Reporting;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Tests.Metrics;

namespace LlmSim.Tests.Reporting;

public sealed class RequestCsvSinkTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Writes_the_toy()
    {
        Write(sink => Toy.Run(sink));
        Assert.Equal(
            """
            request_id,arrival_s,input_tokens,output_tokens,ready_s,scheduled_s,first_token_s,finish_s,ttft_s,tpot_s,e2e_s,queue_s,preemptions
            0,0.100000000,100,3,0.100000000,0.100000000,0.110000000,0.130000000,0.010000000,0.010000000,0.030000000,0.000000000,0
            1,0.105000000,200,2,0.105000000,0.110000000,0.120000000,0.130000000,0.015000000,0.010000000,0.025000000,0.005000000,0
            2,0.115000000,300,1,0.115000000,0.130000000,0.140000000,0.140000000,0.025000000,,0.025000000,0.015000000,0

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(_path));
    }

    [Fact]
    public void Keeps_every_nanosecond_of_many_rows()
    {
        const int rows = 2000;
        const long longest = long.MaxValue / 2;
        Write(sink =>
        {
            for (long i = 0; i < rows; i++)
            {
                var time = new SimTime(longest - i);
                sink.Write(new RequestRecord(i, time, time, time, time, time, int.MaxValue, 1, int.MaxValue));
            }
        });
        string[] lines = File.ReadAllLines(_path);
        Assert.Equal(rows + 1, lines.Length);
        for (int i = 0; i < rows; i++)
        {
            decimal arrival = decimal.Parse(lines[i + 1].Split(',')[1], CultureInfo.InvariantCulture);
            Assert.Equal(longest - i, (long)(arrival * 1_000_000_000m));
        }
    }

    private void Write(Action<RequestCsvSink> fill)
    {
        using AtomicFile file = AtomicFile.Create(_path, "--requests");
        var sink = new RequestCsvSink(file);
        fill(sink);
        sink.Finish();
        file.Commit();
    }
}
