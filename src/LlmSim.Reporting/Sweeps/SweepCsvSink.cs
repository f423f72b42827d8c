using System.Text;
using LlmSim.Planning.Sweeps;

namespace LlmSim.Reporting.Sweeps;

/// <summary>Writes one CSV row per run: its number, its axes as they were written, what became of it, and its figures; empty where there is none.</summary>
internal sealed class SweepCsvSink : SweepSink
{
    private const int LongestRow = 4096;

    private readonly SweepHeader _header;
    private readonly CsvRows _rows;

    /// <summary>Starts a file with its header. The caller keeps the file and commits it after <see cref="Finish"/>.</summary>
    public SweepCsvSink(AtomicFile file, SweepHeader header)
    {
        _header = header;
        _rows = new CsvRows(file, LongestRow);
        IEnumerable<string> axes = header.Columns.SelectMany(columns => columns).Select(column => column.Name);
        file.Write(Encoding.UTF8.GetBytes(
            $"{string.Join(',', ["run", .. axes, "status", .. SweepFigures.All.Select(figure => figure.Name), "bottleneck", "problem"])}\n"));
    }

    /// <inheritdoc />
    public override void Write(SweepRow row)
    {
        _rows.Begin();
        _rows.Append(row.Point + 1, ',');
        foreach (string text in _header.Texts(row.Point))
        {
            _rows.Append(text, ',');
        }

        _rows.Append(SweepWords.Of(row.Status), ',');
        for (int i = 0; i < SweepFigures.All.Count; i++)
        {
            if (row.Figure(i) is not { } value)
            {
                _rows.Append(',');
            }
            else if (SweepFigures.All[i].IsWhole)
            {
                _rows.Append((long)value, ',');
            }
            else
            {
                _rows.Append(value, ',');
            }
        }

        _rows.Append(row.Status == RunStatus.Ok ? SweepWords.Of(row.Bottleneck) : "", ',');
        _rows.Append(row.Problem, '\n');
    }

    /// <inheritdoc />
    public override void Finish() => _rows.Flush();
}
