using System.Text;
using System.Text.Json;
using LlmSim.Reporting;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Tests.Serving;
using LlmSim.Workloads;

namespace LlmSim.Tests.Reporting;

public sealed class EventLogTests
{
    [Fact]
    public void Each_stage_of_a_request_is_a_line_in_order_of_time()
    {
        var limits = new EngineLimits
        {
            MaxNumSeqs = 2,
            MaxNumBatchedTokens = 10,
            MaxModelLen = 20,
            UsableBlocks = 20,
            BlockSize = 4,
        };
        ArrivingRequest[] requests = [new(new SimTime(5), 12, 2), new(new SimTime(6), 30, 1)];
        using var stream = new MemoryStream();
        using (var log = new EventLog(stream))
        {
            new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(false, log);
        }

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("""{"time_s":0.000000005,"event":"RequestArrived","request_id":0,"input_tokens":12,"output_tokens":2}""", lines[0]);
        Assert.Equal("""{"time_s":0.000000115,"event":"PrefillStarted","request_id":0,"tokens":2,"context":10}""", lines[6]);
        Assert.Equal("""{"time_s":0.000000318,"event":"RequestFinished","request_id":0,"output_tokens":2}""", lines[^1]);
        Assert.Contains(lines, line => line.Contains("RequestRejected", StringComparison.Ordinal));
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
    }
}
