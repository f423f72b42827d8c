using LlmSim.Scenarios;
using LlmSim.Simulation;
using LlmSim.Tests.Serving;
using LlmSim.Workloads;

namespace LlmSim.Tests;

public sealed class ServeTests
{
    [Fact]
    public void Requests_of_ones_own_take_the_place_of_the_workload_in_every_run()
    {
        ArrivingRequest[] requests = [new(SimTime.Zero, 100, 5), new(SimTime.FromSeconds(1), 200, 7)];
        LlmInferenceSimulator simulator = new LlmInferenceSimulator(DefaultScenario.Create()).Serve(() => new ListSource(requests));
        for (int run = 0; run < 2; run++)
        {
            var s = simulator.Run(TestContext.Current.CancellationToken).ComputeStatistics();
            Assert.Equal((2, 300, 12), (s.CompletedRequests, s.InputTokens, s.OutputTokens));
        }
    }
}
