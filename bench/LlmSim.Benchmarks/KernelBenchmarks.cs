using BenchmarkDotNet.Attributes;
using LlmSim.Simulation;

namespace LlmSim.Benchmarks;

/// <summary>What a wake-up costs the kernel. Every line must say 0 bytes allocated.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int Moves = 1024;

    private readonly ActorHeap _heap = new();
    private readonly long[] _gaps = new long[Moves];

    /// <summary>Actors in the heap. Two is a gateway and one engine.</summary>
    [Params(2, 16, 256)]
    public int Actors { get; set; }

    /// <summary>Fills the heap and draws gaps up to a millisecond.</summary>
    [GlobalSetup]
    public void Setup()
    {
        ulong state = 1;
        for (int i = 0; i < Moves; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            _gaps[i] = (long)(state >> 44);
        }

        for (int i = 0; i < Actors; i++)
        {
            _heap.Add(new Sleeper { Order = i, WakesAt = new SimTime(_gaps[i]) });
        }
    }

    /// <summary>The actor that wakes first is put back at its next wake-up.</summary>
    [Benchmark(OperationsPerInvoke = Moves)]
    public SimTime MoveFirst()
    {
        SimTime second = default;
        foreach (long gap in _gaps)
        {
            Actor first = _heap.First;
            second = _heap.SecondWake;
            _heap.Move(first, first.WakesAt + new SimTime(gap));
        }

        return second;
    }

    private sealed class Sleeper : Actor
    {
        public override SimTime Wake(SimTime now, SimTime horizon) => SimTime.Never;
    }
}
