using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>How long clients wait for a first token and for the whole answer.</summary>
/// <param name="classes">Nanoseconds of each class by index: to the first token, to the last; <see cref="long.MaxValue"/> for no end.</param>
/// <param name="others">Those of any other class.</param>
internal sealed class ClientPatience(IReadOnlyList<(long FirstTokenNs, long AnswerNs)> classes, (long FirstTokenNs, long AnswerNs) others)
{
    private readonly (long FirstTokenNs, long AnswerNs)[] _classes = [.. classes];

    /// <summary>The patience of a workload's clients; null when all wait for ever.</summary>
    public static ClientPatience? Of(WorkloadSpec workload)
    {
        (long, long)[] classes = [.. workload.Classes.Select(c =>
            Limits(c.TtftTimeoutSeconds ?? workload.TtftTimeoutSeconds, c.TimeoutSeconds ?? workload.TimeoutSeconds))];
        (long, long) others = Limits(workload.TtftTimeoutSeconds, workload.TimeoutSeconds);
        return classes.Append(others).Any(limits => limits != (long.MaxValue, long.MaxValue)) ? new ClientPatience(classes, others) : null;
    }

    /// <summary>When the client of a request gives up unless it has a first token, and unless it has them all.</summary>
    public (long FirstTokenByNs, long AnswerByNs) Of(long arrivalNs, byte requestClass)
    {
        (long first, long answer) = requestClass < _classes.Length ? _classes[requestClass] : others;
        return (After(arrivalNs, first), After(arrivalNs, answer));
    }

    private static long After(long arrivalNs, long patienceNs) => patienceNs > long.MaxValue - arrivalNs ? long.MaxValue : arrivalNs + patienceNs;

    private static (long, long) Limits(double? firstToken, double? answer) => (Nanoseconds(firstToken), Nanoseconds(answer));

    private static long Nanoseconds(double? seconds) =>
        seconds is { } given && given * 1e9 < long.MaxValue ? (long)Math.Ceiling(given * 1e9) : long.MaxValue;
}
