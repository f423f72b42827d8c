using LlmSim.Serving.Events;

internal sealed class PreemptionPrinter(TextWriter output) : SimulationObserver
{
    public override SimulationEvents Interests => SimulationEvents.RequestPreempted;

    public override void Handle(in RequestPreempted e) => output.WriteLine($"{e.Time}: request {e.RequestId} lost its KV blocks");
}
