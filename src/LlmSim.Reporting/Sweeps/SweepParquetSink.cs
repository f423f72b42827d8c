using System.Globalization;
using LlmSim.Planning.Sweeps;
using LlmSim.Reporting.Parquet;
using LlmSim.Scenarios;

namespace LlmSim.Reporting.Sweeps;

/// <summary>Writes one row per run: the columns of <see cref="SweepCsvSink"/>; an axis is of numbers where all its values are.</summary>
internal sealed class SweepParquetSink : SweepSink
{
    private readonly ParquetColumn _run = new("run", isWhole: true);
    private readonly (ParquetColumn Column, int Dimension, IReadOnlyList<string> Texts)[] _axes;
    private readonly ParquetColumn _status = new("status", isWhole: false, isText: true);
    private readonly ParquetColumn[] _figures = [.. SweepFigures.All.Select(figure => new ParquetColumn(figure.Name, figure.IsWhole, isOptional: true))];
    private readonly ParquetColumn _bottleneck = new("bottleneck", isWhole: false, isOptional: true, isText: true);
    private readonly ParquetColumn _problem = new("problem", isWhole: false, isOptional: true, isText: true);
    private readonly SweepHeader _header;
    private readonly ParquetFile _file;

    /// <summary>Starts a file. The caller keeps it and commits it after <see cref="Finish"/>.</summary>
    public SweepParquetSink(AtomicFile file, SweepHeader header)
    {
        _header = header;
        _axes = [.. header.Columns.SelectMany((columns, dimension) => columns.Select(column => (ColumnOf(column), dimension, column.Texts)))];
        _file = new ParquetFile(file, [_run, .. _axes.Select(axis => axis.Column), _status, .. _figures, _bottleneck, _problem]);
    }

    /// <inheritdoc />
    public override void Write(SweepRow row)
    {
        _run.Add(row.Point + 1);
        foreach ((ParquetColumn column, int dimension, IReadOnlyList<string> texts) in _axes)
        {
            AddAxis(column, texts[_header.Grid.At(row.Point, dimension)]);
        }

        _status.Add(SweepWords.Of(row.Status));
        for (int i = 0; i < _figures.Length; i++)
        {
            AddFigure(_figures[i], row.Figure(i));
        }

        AddText(_bottleneck, row.Status == RunStatus.Ok ? SweepWords.Of(row.Bottleneck) : "");
        AddText(_problem, row.Problem);
        _file.EndRow();
    }

    /// <inheritdoc />
    public override void Finish() => _file.Finish();

    private static ParquetColumn ColumnOf(SweepColumn axis) =>
        axis.Texts.All(text => TryParseWhole(text, out _)) ? new ParquetColumn(axis.Name, isWhole: true)
        : axis.Texts.All(text => Kinds.TryParseDouble(text, out _)) ? new ParquetColumn(axis.Name, isWhole: false)
        : new ParquetColumn(axis.Name, isWhole: false, isText: true);

    private static void AddAxis(ParquetColumn column, string text)
    {
        if (column.IsText)
        {
            column.Add(text);
        }
        else if (column.IsWhole && TryParseWhole(text, out long whole))
        {
            column.Add(whole);
        }
        else if (Kinds.TryParseDouble(text, out double number))
        {
            column.Add(number);
        }
    }

    private static void AddFigure(ParquetColumn column, double? value)
    {
        if (value is not { } number)
        {
            column.AddMissing();
        }
        else if (column.IsWhole)
        {
            column.Add((long)number);
        }
        else
        {
            column.Add(number);
        }
    }

    private static void AddText(ParquetColumn column, string text)
    {
        if (text.Length == 0)
        {
            column.AddMissing();
        }
        else
        {
            column.Add(text);
        }
    }

    private static bool TryParseWhole(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
