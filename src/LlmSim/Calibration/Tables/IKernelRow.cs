namespace LlmSim.Calibration.Tables;

/// <summary>What rows of every family have.</summary>
internal interface IKernelRow
{
    /// <summary>Time measured.</summary>
    double Seconds { get; }

    /// <summary>The shape in words, for messages.</summary>
    string Shape { get; }

    /// <summary>The part of all shapes that it is in, for reports: few, some or many rows, short or long contexts.</summary>
    string Region { get; }
}
