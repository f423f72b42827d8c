using System.Globalization;
using LlmSim.Catalog;
using LlmSim.Specs;
using nietras.SeparatedValues;

namespace LlmSim.Planning.Plans;

/// <summary>Prices of GPUs: CSV with the columns <c>gpu,price_per_gpu_hour,currency,source,date</c>.</summary>
public sealed class PriceTable
{
    private const string Shipped = "LlmSim.Planning.prices.csv";
    private const string Columns = "gpu,price_per_gpu_hour,currency,source,date";

    private readonly Dictionary<string, GpuPrice> _prices;

    private PriceTable(IEnumerable<GpuPrice> prices) => _prices = prices.ToDictionary(price => price.Gpu);

    /// <summary>The prices that come with llmsim: each with its source and date, and none where there was no source.</summary>
    public static PriceTable Default { get; } = ReadShipped();

    /// <summary>The price of a GPU; null for unknown.</summary>
    public GpuPrice? Of(GpuSpec gpu) => _prices.GetValueOrDefault(gpu.Name);

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The flag that names it, for messages.</param>
    /// <exception cref="ConfigException">It cannot be read, or a row is wrong; lists everything found.</exception>
    public static PriceTable Load(string path, string field)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigException(new ConfigProblem(field, $"{path} ({e.Message.TrimEnd('.')})", "a table of prices that can be read", "Check the path."));
        }
    }

    /// <summary>Reads a table from its text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="ConfigException">A row is wrong; lists everything found.</exception>
    internal static PriceTable Parse(string text, string name)
    {
        var prices = new List<GpuPrice>();
        var problems = new List<ConfigProblem>();
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (lines[0] != Columns)
        {
            throw new ConfigException(new ConfigProblem($"{name}:1", lines[0].Length == 0 ? "nothing" : lines[0], $"the columns {Columns}", "Write them in the first line."));
        }

        using SepReader reader = Sep.Reader(options => options with { Sep = new Sep(','), Unescape = true, DisableColCountCheck = true }).FromText(text);
        foreach (SepReader.Row row in reader)
        {
            string place = $"{name}:{row.LineNumberFrom}";
            if (row.ColCount != 5)
            {
                problems.Add(new ConfigProblem(place, $"{row.ColCount} columns", "five", $"Write {Columns}; quote what holds a comma."));
                continue;
            }

            Add(prices, problems, place, [.. row[..5].ToStringsArray().Select(cell => cell.Trim())]);
        }

        return problems.Count == 0 ? new PriceTable(prices) : throw new ConfigException(problems);

        static void Add(List<GpuPrice> prices, List<ConfigProblem> problems, string place, string[] cells)
        {
            if (!GpuCatalog.TryGet(cells[0], out GpuSpec? gpu))
            {
                IReadOnlyList<string> near = GpuCatalog.Near(cells[0]);
                problems.Add(new ConfigProblem($"{place}: gpu", cells[0].Length == 0 ? "nothing" : cells[0], "a GPU that llmsim gpus lists",
                    near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "Remove the row."));
                return;
            }

            if (prices.Any(price => price.Gpu == gpu.Name))
            {
                problems.Add(new ConfigProblem($"{place}: gpu", gpu.Name, "each GPU once", "Remove one of the rows."));
            }
            else if (cells[1].Length == 0)
            {
                return; // No price is known; the row may stay.
            }
            else if (!double.TryParse(cells[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double price) || price is not (> 0 and < 1e6))
            {
                problems.Add(new ConfigProblem($"{place}: price_per_gpu_hour", cells[1], "a number above 0, or nothing where no price is known", "Write it such as 2.50."));
            }
            else
            {
                prices.Add(new GpuPrice(gpu.Name, price, cells[2], cells[3], cells[4]));
            }
        }
    }

    private static PriceTable ReadShipped()
    {
        using Stream stream = typeof(PriceTable).Assembly.GetManifestResourceStream(Shipped)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), "prices.csv");
    }
}
