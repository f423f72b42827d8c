using LlmSim.Metrics;
using LlmSim.Serving;

namespace LlmSim.Reporting.Html;

/// <summary>How a run went.</summary>
/// <param name="Series">The run in intervals, in order.</param>
/// <param name="Requests">The requests that were answered; empty when there are too many to show.</param>
internal sealed record RunCourse(IReadOnlyList<SeriesRow> Series, IReadOnlyList<RequestRecord> Requests);
