using System.Globalization;
using LlmSim.Specs;
using nietras.SeparatedValues;

namespace LlmSim.Calibration.Tables;

/// <summary>A CSV table of measured kernels: text and numbers by column name.</summary>
internal sealed class MeasuredTable
{
    private readonly string _path;
    private readonly Dictionary<string, int> _columns;
    private readonly List<string[]> _rows;

    private MeasuredTable(string path, Dictionary<string, int> columns, List<string[]> rows)
    {
        _path = path;
        _columns = columns;
        _rows = rows;
    }

    /// <summary>Rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Reads a table that has some columns at least.</summary>
    /// <exception cref="ConfigException">It cannot be read, lacks a column, has no rows, or rows of another width.</exception>
    public static MeasuredTable Read(string path, params IReadOnlyList<string> required) => Read(path, int.MaxValue, required);

    /// <summary>Reads the first row alone.</summary>
    /// <exception cref="ConfigException">As <see cref="Read(string, IReadOnlyList{string})"/>.</exception>
    public static MeasuredTable Head(string path, params IReadOnlyList<string> required) => Read(path, 1, required);

    private static MeasuredTable Read(string path, int mostRows, IReadOnlyList<string> required)
    {
        try
        {
            using SepReader reader = Sep.New(',').Reader(o => o with { Unescape = true, DisableColCountCheck = true }).FromFile(path);
            var names = reader.Header.ColNames;
            var columns = names.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
            string[] missing = [.. required.Where(name => !columns.ContainsKey(name))];
            if (missing.Length > 0)
            {
                throw Problem(path, $"no column {string.Join(", ", missing)}", $"columns {string.Join(", ", required)}");
            }

            var rows = new List<string[]>();
            var text = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (SepReader.Row row in reader)
            {
                if (row.ColCount != names.Count)
                {
                    throw Problem(path, $"line {row.LineNumberToExcl - 1} with {row.ColCount} fields", $"{names.Count} fields a line");
                }

                string[] fields = new string[names.Count];
                for (int i = 0; i < fields.Length; i++)
                {
                    string field = row[i].ToString();
                    fields[i] = text.TryGetValue(field, out string? known) ? known : text[field] = field;
                }

                rows.Add(fields);
                if (rows.Count == mostRows)
                {
                    break;
                }
            }

            return rows.Count > 0 ? new MeasuredTable(path, columns, rows) : throw Problem(path, "no rows", "at least one row below the names");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Problem(path, e.Message, "a CSV file");
        }
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>The text of one field.</summary>
    public string Text(int row, string column) => _rows[row][_columns[column]];

    /// <summary>A whole number.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    public int Whole(int row, string column) => int.TryParse(Text(row, column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw Problem($"{_path}: {column}", $"'{Text(row, column)}' in row {row + 1}", "a whole number");

    /// <summary>A number.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    public double Number(int row, string column) => double.TryParse(Text(row, column), CultureInfo.InvariantCulture, out double value)
        ? value
        : throw Problem($"{_path}: {column}", $"'{Text(row, column)}' in row {row + 1}", "a number");

    /// <summary>What is wrong with a table.</summary>
    public static ConfigException Problem(string field, string value, string allowed) =>
        new(new ConfigProblem(field, value, allowed, "Check the table, and that Parquet files were converted whole."));
}
