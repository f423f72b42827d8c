using LlmSim.Metrics;
using LlmSim.Serving;

namespace LlmSim.Reporting.Html;

/// <summary>Keeps the records of a run's requests while there are few enough to show them one by one.</summary>
/// <param name="next">Who takes them as well; null for nobody.</param>
internal sealed class FewRequests(RequestSink? next) : RequestSink
{
    /// <summary>Most requests that are kept.</summary>
    public const int Most = 200;

    private readonly List<RequestRecord> _records = [];

    /// <summary>The records; none when there were too many.</summary>
    public IReadOnlyList<RequestRecord> Records => _records.Count <= Most ? _records : [];

    /// <inheritdoc />
    public override void Write(in RequestRecord record)
    {
        if (_records.Count <= Most)
        {
            _records.Add(record);
        }

        next?.Write(in record);
    }

    /// <inheritdoc />
    public override void Finish() => next?.Finish();
}
