using LlmSim.Serving.Events;

namespace LlmSim.Tests.Serving;

/// <summary>Writes every event down as a line of text.</summary>
internal sealed class StoryObserver : SimulationObserver
{
    public List<string> Lines { get; } = [];

    public List<TokenEmitted> Tokens { get; } = [];

    public override SimulationEvents Interests => SimulationEvents.All;

    public override void Handle(in RequestArrived e) => Lines.Add(e.ToString());

    public override void Handle(in RequestTokenized e) => Lines.Add(e.ToString());

    public override void Handle(in RequestScheduled e) => Lines.Add(e.ToString());

    public override void Handle(in PrefillStarted e) => Lines.Add(e.ToString());

    public override void Handle(in PrefillFinished e) => Lines.Add(e.ToString());

    public override void Handle(in DecodeStepStarted e) => Lines.Add(e.ToString());

    public override void Handle(in DecodeStepFinished e) => Lines.Add(e.ToString());

    public override void Handle(in TokenEmitted e)
    {
        Tokens.Add(e);
        Lines.Add(e.ToString());
    }

    public override void Handle(in RequestPreempted e) => Lines.Add(e.ToString());

    public override void Handle(in RequestFinished e) => Lines.Add(e.ToString());

    public override void Handle(in RequestRejected e) => Lines.Add(e.ToString());

    public override void Handle(in RequestAborted e) => Lines.Add(e.ToString());

    public override void Handle(in BatchFormed e) => Lines.Add(
        $"BatchFormed {e.Step.Number} at {e.Time}, {e.Step.Start} to {e.Step.End}: {string.Join(' ', e.Step.Scheduled)}; "
        + $"preempted {string.Join(' ', e.Step.Preempted)}; {e.Step.Running} run, {e.Step.Waiting} wait, {e.Step.FreeBlocks} free");
}
