using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>Measured all-reduces over some GPUs of a node, straight lines between them in logarithms.</summary>
public sealed record AllReduceCurve
{
    /// <summary>GPUs. At least 2.</summary>
    public required int Ranks { get; init; }

    /// <summary>Message sizes in bytes, rising.</summary>
    public required IReadOnlyList<double> Bytes { get; init; }

    /// <summary>Seconds of each, never falling.</summary>
    public required IReadOnlyList<double> Seconds { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Seconds for a message; the first below the smallest, in proportion to bytes above the largest.</summary>
    public double SecondsFor(double bytes)
    {
        if (bytes <= Bytes[0])
        {
            return Seconds[0];
        }

        int last = Bytes.Count - 1;
        if (bytes >= Bytes[last])
        {
            return Seconds[last] * bytes / Bytes[last];
        }

        int above = 1;
        while (Bytes[above] < bytes)
        {
            above++;
        }

        (double x0, double x1) = (DeterministicMath.Log(Bytes[above - 1]), DeterministicMath.Log(Bytes[above]));
        (double y0, double y1) = (DeterministicMath.Log(Seconds[above - 1]), DeterministicMath.Log(Seconds[above]));
        return DeterministicMath.Exp(y0 + (y1 - y0) * (DeterministicMath.Log(bytes) - x0) / (x1 - x0));
    }
}
