using LlmSim.Simulation;

namespace LlmSim.Costs;

/// <summary>
/// Work and time of kernels on one GPU. Times are whole quanta of 2⁻²⁰ ns by what they are spent on, so that classes,
/// operators and steps all add up exactly.
/// </summary>
internal readonly record struct OperatorWork
{
    /// <summary>Kernels launched.</summary>
    public double Kernels { get; init; }

    /// <summary>Floating-point operations.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes read and written in the GPU's memory; for collectives and swapping, bytes sent over the link.</summary>
    public double Bytes { get; init; }

    /// <summary>Quanta bound by arithmetic.</summary>
    public Int128 Compute { get; init; }

    /// <summary>Quanta bound by memory bandwidth.</summary>
    public Int128 Memory { get; init; }

    /// <summary>Quanta bound by the link between GPUs or to the host, the latency of collectives included.</summary>
    public Int128 Communication { get; init; }

    /// <summary>Quanta of fixed time per kernel.</summary>
    public Int128 Latency { get; init; }

    /// <summary>Quanta in all.</summary>
    public Int128 Total => Compute + Memory + Communication + Latency;

    /// <summary>Nearest whole number of quanta to a time.</summary>
    /// <exception cref="OverflowException">The time is not a number, or above 2.4 hours.</exception>
    public static long Quanta(double seconds) =>
        checked((long)Math.Round(seconds * (1e9 * EngineClock.QuantaPerNanosecond)));

    /// <summary>The same work in another time.</summary>
    /// <param name="factor">On the time. Above 0.</param>
    public OperatorWork Scaled(double factor)
    {
        return factor == 1 ? this : this with { Compute = Of(Compute), Memory = Of(Memory), Communication = Of(Communication), Latency = Of(Latency) };

        Int128 Of(Int128 quanta) => (Int128)Math.Round(factor * (double)quanta);
    }

    public static OperatorWork operator +(OperatorWork a, OperatorWork b) => new()
    {
        Kernels = a.Kernels + b.Kernels,
        Flops = a.Flops + b.Flops,
        Bytes = a.Bytes + b.Bytes,
        Compute = a.Compute + b.Compute,
        Memory = a.Memory + b.Memory,
        Communication = a.Communication + b.Communication,
        Latency = a.Latency + b.Latency,
    };

    public static OperatorWork operator *(OperatorWork work, Int128 times) => new()
    {
        Kernels = work.Kernels * (double)times,
        Flops = work.Flops * (double)times,
        Bytes = work.Bytes * (double)times,
        Compute = work.Compute * times,
        Memory = work.Memory * times,
        Communication = work.Communication * times,
        Latency = work.Latency * times,
    };
}
