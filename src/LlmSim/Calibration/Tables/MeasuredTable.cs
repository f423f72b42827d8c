using System.Globalization;
using LlmSim.Calibration.Tables.Parquet;
using LlmSim.Specs;
using nietras.SeparatedValues;

namespace LlmSim.Calibration.Tables;

/// <summary>A table of measured kernels, CSV or Parquet by the end of the file's name: text and numbers by column name.</summary>
internal sealed class MeasuredTable
{
    /// <summary>End of a Parquet file's name.</summary>
    public const string Parquet = ".parquet";

    /// <summary>End of a CSV file's name.</summary>
    public const string Csv = ".csv";

    private const int MostBadRows = 5;

    private readonly List<ConfigProblem> _problems = [];
    private readonly string _path;
    private readonly Dictionary<string, IReadOnlyList<string?>> _columns;

    private MeasuredTable(string path, Dictionary<string, IReadOnlyList<string?>> columns, int count)
    {
        _path = path;
        _columns = columns;
        Count = count;
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Reads a table that has some columns at least.</summary>
    /// <exception cref="ConfigException">It cannot be read, lacks a column, has no rows, or rows of another width.</exception>
    public static MeasuredTable Read(string path, params IReadOnlyList<string> required) => Read(path, isHead: false, required);

    /// <summary>Reads the first row at least, of some columns at least.</summary>
    /// <exception cref="ConfigException">As <see cref="Read(string, IReadOnlyList{string})"/>.</exception>
    public static MeasuredTable Head(string path, params IReadOnlyList<string> required) => Read(path, isHead: true, required);

    /// <summary>The file of a table, whether it is CSV or Parquet.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">Its name without the end.</param>
    public static string Find(string folder, string name) =>
        Path.Combine(folder, name + Parquet) is var parquet && File.Exists(parquet) ? parquet : Path.Combine(folder, name + Csv);

    private static MeasuredTable Read(string path, bool isHead, IReadOnlyList<string> required)
    {
        bool isParquet = path.EndsWith(Parquet, StringComparison.Ordinal);
        try
        {
            var columns = new Dictionary<string, IReadOnlyList<string?>>(StringComparer.Ordinal);
            foreach ((string name, List<string?> values) in isParquet ? ParquetTable.Read(path, isHead ? required : null) : ReadCsv(path, isHead))
            {
                if (!columns.TryAdd(name, values))
                {
                    throw Problem(path, $"two columns {name}", "columns of different names");
                }
            }

            string[] missing = [.. required.Where(name => !columns.ContainsKey(name))];
            if (missing.Length > 0)
            {
                throw Problem(path, $"no column {string.Join(", ", missing)}", $"columns {string.Join(", ", required)}");
            }

            int count = columns.Values.Select(column => column.Count).Distinct().ToArray() is [var one] ? one : throw new InvalidDataException("columns of different lengths");
            return count > 0 ? new MeasuredTable(path, columns, count) : throw Problem(path, "no rows", "at least one row");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Problem(path, e.Message, isParquet ? "a flat Parquet file" : "a CSV file");
        }
    }

    private static (string Name, List<string?> Values)[] ReadCsv(string path, bool isHead)
    {
        using SepReader reader = Sep.New(',').Reader(o => o with { Unescape = true, DisableColCountCheck = true }).FromFile(path);
        (string Name, List<string?> Values)[] columns = [.. reader.Header.ColNames.Select(name => (name, new List<string?>()))];
        var text = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SepReader.Row row in reader)
        {
            if (row.ColCount != columns.Length)
            {
                throw Problem(path, $"line {row.LineNumberToExcl - 1} with {row.ColCount} fields", $"{columns.Length} fields a line");
            }

            for (int i = 0; i < columns.Length; i++)
            {
                string field = row[i].ToString();
                columns[i].Values.Add(text.TryGetValue(field, out string? known) ? known : text[field] = field);
            }

            if (isHead)
            {
                break;
            }
        }

        return columns;
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>The text of one field; empty for a missing value.</summary>
    public string Text(int row, string column) => _columns[column][row] ?? "";

    /// <summary>A whole number; what is none, or too small, counts as the least until <see cref="Verify"/> tells.</summary>
    public int Whole(int row, string column, int least = 1)
    {
        if (int.TryParse(Text(row, column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least)
        {
            return value;
        }

        Add(row, column, $"a whole number, at least {least}");
        return least;
    }

    /// <summary>A number, NaN and infinity too; what is none counts as NaN until <see cref="Verify"/> tells.</summary>
    public double Number(int row, string column)
    {
        if (double.TryParse(Text(row, column), CultureInfo.InvariantCulture, out double value))
        {
            return value;
        }

        Add(row, column, "a number");
        return double.NaN;
    }

    /// <summary>Ends reading: tells the fields that were wrong, and that none of the rows was wanted.</summary>
    /// <param name="wanted">Rows that were taken.</param>
    /// <param name="kinds">What rows must be to be wanted, by column.</param>
    /// <exception cref="ConfigException">There were such fields, or there is no row wanted.</exception>
    public void Verify(int wanted, params ReadOnlySpan<(string Column, string Allowed)> kinds)
    {
        if (_problems.Count > MostBadRows)
        {
            int more = _problems.Count - MostBadRows;
            _problems.RemoveRange(MostBadRows, more);
            _problems.Add(Wrong(_path, $"{more} more such fields", "numbers"));
        }

        if (wanted == 0 && _problems.Count == 0)
        {
            foreach ((string column, string allowed) in kinds)
            {
                _problems.Add(Wrong($"{_path}: {column}", $"no row to fit; found: {string.Join(", ", _columns[column].Distinct().Take(MostBadRows))}", allowed));
            }
        }

        if (_problems.Count > 0)
        {
            throw new ConfigException(_problems);
        }
    }

    private void Add(int row, string column, string allowed) =>
        _problems.Add(Wrong($"{_path}: {column}", $"'{Text(row, column)}' in row {row + 1}", allowed));

    private static ConfigException Problem(string field, string value, string allowed) => new(Wrong(field, value, allowed));

    private static ConfigProblem Wrong(string field, string value, string allowed) =>
        new(field, value, allowed, "Check the table (docs/calibration.md has the columns).");
}
