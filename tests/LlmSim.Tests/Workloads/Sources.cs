using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

/// <summary>Reads whole sources.</summary>
internal static class Sources
{
    public static List<ArrivingRequest> Read(WorkloadSpec workload, ulong seed)
    {
        using RequestSource source = RequestSources.Create(workload, seed);
        var requests = new List<ArrivingRequest>();
        while (source.TryNext(out ArrivingRequest request))
        {
            requests.Add(request);
        }

        return requests;
    }

    public static List<ArrivingRequest> ReadTrace(string path, double scale = 1, long? count = null, double? seconds = null) =>
        Read(new WorkloadSpec
        {
            Trace = new TraceSpec { Path = path, Scale = scale },
            NumRequests = count,
            DurationSeconds = seconds,
        }, seed: 0);

    public static string Show(ArrivingRequest request) =>
        $"{request.Arrival.Nanoseconds} {request.InputTokens} {request.OutputTokens}";
}
