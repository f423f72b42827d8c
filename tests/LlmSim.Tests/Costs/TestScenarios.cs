using CsCheck;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Costs;

/// <summary>Models, GPUs and batches to try cost models on.</summary>
internal static class TestScenarios
{
    public static readonly GpuSpec RoundGpu = new()
    {
        Name = "round",
        MemoryBytes = 100L << 30,
        MemoryBytesPerSecond = 1e12,
        Fp16FlopsPerSecond = 100e12,
        Fp32FlopsPerSecond = 50e12,
        Fp8FlopsPerSecond = 200e12,
        Interconnect = new InterconnectSpec { Name = "round", BytesPerSecond = 100e9, LatencySeconds = 10e-6 },
    };

    public static readonly HostSpec NoHost = new() { StepSeconds = 0, SequenceSeconds = 0 };

    /// <summary>Any catalogue model and GPU, tensor parallelism, host and loop.</summary>
    public static readonly Gen<TransformerCostModel> AnyModel =
        from model in Gen.OneOf(ModelCatalog.All.ToArray())
        from gpu in Gen.OneOf(GpuCatalog.All.ToArray())
        from ranks in Gen.OneOf(1, 2, 4, 8)
        from hostMicroseconds in Gen.Int[0, 20_000]
        from asynchronous in Gen.Bool
        select new TransformerCostModel(model, new ClusterSpec { Gpu = gpu }, ranks,
            new HostSpec { StepSeconds = hostMicroseconds * 1e-6 }, asynchronous, 4096);

    /// <summary>A batch of up to 4 prefill chunks and 100 decoding sequences, never empty.</summary>
    public static readonly Gen<BatchShape> AnyBatch =
        from chunks in Gen.Select(Gen.Int[1, 512], Gen.Int[0, 3000], Gen.Bool).Array[0, 4]
        from decodes in Gen.Int[0, 100]
        from context in Gen.Int[1, 4000]
        select Batch(chunks, chunks.Length == 0 ? decodes + 1 : decodes, context);

    public static BatchShape Batch((int New, int Context, bool Ends)[] chunks, int decodes, long contextEach)
    {
        var shape = new BatchShape();
        foreach (var (tokens, context, ends) in chunks)
        {
            shape.AddPrefill(tokens, context, ends);
        }

        if (decodes > 0)
        {
            shape.AddDecode(decodes, decodes * contextEach);
        }

        return shape;
    }

    public static BatchShape Decode(int sequences, long contextEach) => Batch([], sequences, contextEach);

    public static BatchShape Prefill(int tokens, int context = 0) => Batch([(tokens, context, true)], 0, 0);

    public static TransformerCostModel Model(
        string model, string gpu, int ranks = 1, HostSpec? host = null, bool asynchronous = true) =>
        new(ModelCatalog.Get(model), new ClusterSpec { Gpu = GpuCatalog.Get(gpu) }, ranks, host ?? NoHost, asynchronous,
            maxTokens: 8192);
}
