using LlmSim.Planning.Sweeps;

namespace LlmSim.Reporting.Sweeps;

/// <summary>Writes the finished results of a part of a sweep, which <c>llmsim merge</c> puts together with those of the others.</summary>
internal sealed class ShardSink : SweepSink
{
    private readonly AtomicFile _file;

    /// <summary>Starts a file. The caller keeps it and commits it after the last row.</summary>
    public ShardSink(AtomicFile file, SweepHeader header)
    {
        _file = file;
        _file.Write(ResultFile.Beginning(header));
    }

    /// <inheritdoc />
    public override void Write(SweepRow row) => _file.Write(ResultRecord.Framed(ResultRecord.OfRow(row)));
}
