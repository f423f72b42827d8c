using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Draws what a request is, apart from when it arrives.</summary>
internal abstract class RequestShaper
{
    /// <summary>The request that arrives then.</summary>
    public abstract ArrivingRequest Next(SimTime arrival);

    /// <summary>The shaper of a workload without a trace, whose values must be in range.</summary>
    /// <exception cref="ConfigException">A file of lengths cannot be read, or holds something else.</exception>
    public static RequestShaper Create(WorkloadSpec workload, ulong seed)
    {
        var segments = new SegmentCounter();
        SharedPrefixes? common = SharedPrefixes.Create(workload.Prefix, segments);
        RequestShaper shaper = Create(workload, seed, common, segments);
        return workload.DistinctPrompts is { } count ? new RepeatedPrompts(shaper, count, segments) : shaper;
    }

    private static RequestShaper Create(WorkloadSpec workload, ulong seed, SharedPrefixes? common, SegmentCounter segments)
    {
        if (workload.DatasetPath is { } path)
        {
            return Shared(
                new DatasetLengths(LengthFile.ReadPairs(path), new RandomStream(seed, DatasetLengths.StreamName)), common, streamPrefix: "", kind: 0);
        }

        if (workload.Classes is { Count: > 0 } classes)
        {
            // Each class draws from streams of its own: another class beside it changes none of its requests.
            RequestShaper[] shapers = [.. classes.Select((c, i) => Shared(
                Create(workload, c.InputLength ?? workload.InputLength, c.OutputLength ?? workload.OutputLength, seed, Stream(c)),
                c.Prefix is null ? common : SharedPrefixes.Create(c.Prefix, segments), Stream(c), (byte)i))];
            return new ClassMix([.. classes.Select(c => c.Share)], shapers, new RandomStream(seed, ClassMix.StreamName));
        }

        return Shared(Create(workload, workload.InputLength, workload.OutputLength, seed, streamPrefix: ""), common, streamPrefix: "", kind: 0);

        RequestShaper Shared(RequestShaper lengths, SharedPrefixes? prefixes, string streamPrefix, byte kind)
        {
            RequestShaper shaper = prefixes is null ? lengths : new PrefixedRequests(lengths, prefixes, prefixes.Choice(seed, streamPrefix));
            return workload.Sessions is not { } sessions ? shaper : new Conversations(
                SessionRules.Of(workload), shaper, lengths,
                LengthSampler.Create(sessions.Turns, new RandomStream(seed, streamPrefix + Conversations.StreamName)), segments, kind);
        }
    }

    private static string Stream(RequestClassSpec one) => $"class/{one.Name}/";

    private static RequestShaper Create(
        WorkloadSpec workload, LengthSpec input, LengthSpec output, ulong seed, string streamPrefix)
    {
        var inputStream = new RandomStream(seed, streamPrefix + LengthSampler.InputStreamName);
        var outputStream = new RandomStream(seed, streamPrefix + LengthSampler.OutputStreamName);
        var inputs = LengthSampler.Create(RangeRatio.Apply(input, workload.RangeRatio), inputStream);
        var outputs = LengthSampler.Create(RangeRatio.Apply(output, workload.RangeRatio), outputStream);
        return workload.LengthCorrelation == 0
            ? new IndependentLengths(inputs, outputs)
            : new CorrelatedLengths(inputs, inputStream, outputs, outputStream, workload.LengthCorrelation);
    }
}
