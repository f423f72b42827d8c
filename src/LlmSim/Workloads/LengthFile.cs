using System.Globalization;
using LlmSim.Specs;
using nietras.SeparatedValues;

namespace LlmSim.Workloads;

/// <summary>Reads files of lengths into memory.</summary>
internal static class LengthFile
{
    /// <summary>The field that names a file of pairs.</summary>
    public const string DatasetField = "workload.dataset";

    private const string WeightColumn = "weight";
    private const string AllowedWeight = "a finite number above 0";

    private static readonly string[][] LengthNames = [["tokens"], ["length"]];

    private static readonly string[][] PairNames =
        [.. TraceFormat.Known.Select(format => new[] { format.InputColumn, format.OutputColumn })];

    /// <summary>Lengths of one kind, each perhaps with a weight.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or holds something else; lists the first problems.</exception>
    public static LengthRows ReadLengths(string path)
    {
        using TextReader text = TraceFile.Open(path, field: path);
        return ReadCsv(path, text, LengthNames);
    }

    /// <summary>Pairs of prompt and output length: CSV, a trace whose times are not looked at, or JSON conversations.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or holds something else; lists the first problems.</exception>
    public static LengthRows ReadPairs(string path)
    {
        using TextReader text = TraceFile.Open(path, DatasetField);
        return Guarded(path, () => text.Peek()) switch
        {
            '{' => ReadLines(path, text),
            '[' => ConversationFile.Read(path),
            _ => ReadCsv(path, text, PairNames),
        };
    }

    private static LengthRows ReadLines(string path, TextReader text)
    {
        var rows = new LengthRows();
        var problems = new List<ConfigProblem>();
        using var reader = new MooncakeTraceReader(path, text);
        while (problems.Count < TraceSummary.MostProblems && reader.TryRead(out ArrivingRequest request, problems))
        {
            rows.Add(request.InputTokens, request.OutputTokens, weight: 1);
        }

        return problems.Count == 0 ? rows : throw new ConfigException(problems);
    }

    private static LengthRows ReadCsv(string path, TextReader text, string[][] names)
    {
        var rows = new LengthRows();
        var problems = new List<ConfigProblem>();
        Guarded(path, () =>
        {
            using SepReader reader = Sep.New(',')
                .Reader(o => o with { HasHeader = false, DisableColCountCheck = true, Unescape = true }).From(text);
            LengthColumns? columns = null;
            foreach (SepReader.Row row in reader)
            {
                long line = row.LineNumberToExcl - 1;
                if ((row.ColCount == 1 && row.Span.IsWhiteSpace()) || problems.Count >= TraceSummary.MostProblems)
                {
                    continue;
                }

                bool isHeader = columns is null && !double.TryParse(row[0].Span, CultureInfo.InvariantCulture, out _);
                columns ??= isHeader
                    ? LengthColumns.Find(path, line, Fields(row), names, WeightColumn)
                    : LengthColumns.ByPosition(path, line, row.ColCount, names[0], WeightColumn);
                if (!isHeader)
                {
                    ReadRow(path, line, row, columns, rows, problems);
                }
            }

            return 0;
        });
        return problems.Count > 0 ? throw new ConfigException(problems)
            : rows.Inputs.Count > 0 ? rows
            : throw new ConfigException(new ConfigProblem(path, "no lengths", $"lines of {string.Join(',', names[0])}[,{WeightColumn}]",
                "Check that this is the file you meant and that it was copied whole."));
    }

    private static void ReadRow(
        string path, long line, SepReader.Row row, LengthColumns columns, LengthRows rows, List<ConfigProblem> problems)
    {
        if (row.ColCount != columns.Count)
        {
            problems.Add(TraceProblems.FieldCount(path, line, row.ColCount, columns.Count, row.Span));
            return;
        }

        int input = Tokens(columns.Lengths[0], row[columns.Lengths[0].Index].Span.Trim());
        int? output = columns.Lengths.Length == 1 ? null : Tokens(columns.Lengths[1], row[columns.Lengths[1].Index].Span.Trim());
        double weight = 1;
        if (columns.Weight >= 0)
        {
            ReadOnlySpan<char> text = row[columns.Weight].Span.Trim();
            if (!double.TryParse(text, CultureInfo.InvariantCulture, out weight) || weight is not (> 0 and <= 1e100))
            {
                problems.Add(TraceProblems.Value(path, line, WeightColumn, text, AllowedWeight));
            }
        }

        rows.Add(input, output, weight);

        int Tokens((string Name, int Index) column, ReadOnlySpan<char> text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens)
                || tokens is < 1 or > TraceReader.MostTokens)
            {
                problems.Add(TraceProblems.Value(path, line, column.Name, text, TraceReader.AllowedTokens));
            }

            return tokens;
        }
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (TraceReader.IsBrokenData(e))
        {
            throw new ConfigException(TraceProblems.BrokenData(path, 0, e));
        }
    }

    private static string[] Fields(SepReader.Row row)
    {
        var fields = new string[row.ColCount];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = row[i].ToString().Trim();
        }

        return fields;
    }
}
