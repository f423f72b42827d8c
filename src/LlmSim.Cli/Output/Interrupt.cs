using System.Runtime.InteropServices;

namespace LlmSim.Cli.Output;

/// <summary>Turns Ctrl-C into a request to stop; a second Ctrl-C ends the process at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _registration;

    /// <summary>Starts to listen.</summary>
    public Interrupt() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    });

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
