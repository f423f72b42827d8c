using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Conformance;

/// <summary>The clock of recorded schedules: a step lasts base + per-token · tokens + per-sequence · sequences, in microseconds.</summary>
internal sealed class RecordedClock(long baseUs, long tokenUs, long sequenceUs) : StepCostModel
{
    private const long QuantaPerUs = 1000 * EngineClock.QuantaPerNanosecond;

    /// <inheritdoc />
    public override long StepQuanta(in BatchShape shape) => shape.Tokens == 0
        ? 0
        : (baseUs + (tokenUs * shape.Tokens) + (sequenceUs * shape.Sequences)) * QuantaPerUs;

    /// <inheritdoc />
    public override DecodeRunCost DecodeRun(int sequences, long context, long spread = 0) =>
        new((baseUs + ((tokenUs + sequenceUs) * sequences)) * QuantaPerUs, 0, long.MaxValue);
}
