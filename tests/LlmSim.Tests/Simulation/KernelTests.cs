using LlmSim.Simulation;

namespace LlmSim.Tests.Simulation;

public sealed class KernelTests
{
    private sealed class Clockwork(List<string> log, string name, long period, long end) : Actor
    {
        public override SimTime Wake(SimTime now, SimTime horizon)
        {
            log.Add($"{name}@{now.Nanoseconds}<{(horizon == SimTime.Never ? "never" : horizon.Nanoseconds)}");
            return now.Nanoseconds + period > end ? SimTime.Never : new SimTime(now.Nanoseconds + period);
        }
    }

    private sealed class Backwards : Actor
    {
        public override SimTime Wake(SimTime now, SimTime horizon) => new(now.Nanoseconds - 1);
    }

    [Fact]
    public void Actors_act_in_order_of_time_and_then_of_addition()
    {
        var log = new List<string>();
        var kernel = new Kernel();
        var a = new Clockwork(log, "a", 2, 6);
        var b = new Clockwork(log, "b", 3, 6);
        kernel.Add(a);
        kernel.Add(b);
        kernel.WakeBy(b, new SimTime(0));
        kernel.WakeBy(a, new SimTime(0));
        Assert.True(kernel.Run(CancellationToken.None));
        Assert.Equal(["a@0<0", "b@0<2", "a@2<3", "b@3<4", "a@4<6", "a@6<6", "b@6<never"], log);
        Assert.Equal(new SimTime(6), kernel.Now);
    }

    [Fact]
    public void A_call_moves_a_wake_up_forward_only()
    {
        var log = new List<string>();
        var kernel = new Kernel();
        var a = new Clockwork(log, "a", 10, 0);
        kernel.Add(a);
        kernel.WakeBy(a, new SimTime(5));
        kernel.WakeBy(a, new SimTime(7));
        kernel.Run(CancellationToken.None);
        Assert.Equal(["a@5<never"], log);
    }

    [Fact]
    public void Time_never_goes_back()
    {
        var kernel = new Kernel();
        var actor = new Backwards();
        kernel.Add(actor);
        kernel.WakeBy(actor, new SimTime(5));
        Assert.Throws<InvalidOperationException>(() => kernel.Run(CancellationToken.None));
    }

    [Fact]
    public void A_cancelled_run_stops_at_once()
    {
        var log = new List<string>();
        var kernel = new Kernel();
        var actor = new Clockwork(log, "a", 1, 100);
        kernel.Add(actor);
        kernel.WakeBy(actor, new SimTime(0));
        Assert.False(kernel.Run(new CancellationToken(canceled: true)));
        Assert.Empty(log);
    }
}
