using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>Gathers the problems of steps that do not depend on each other, so that all are told at once.</summary>
internal sealed class ProblemBox
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>Does a step; null when it had problems.</summary>
    public T? Try<T>(Func<T?> step) where T : class
    {
        try
        {
            return step();
        }
        catch (ConfigException e)
        {
            _problems.AddRange(e.Problems);
            return null;
        }
    }

    /// <summary>Does a step.</summary>
    public void Try(Action step) => Try<object>(() =>
    {
        step();
        return null;
    });

    /// <summary>Tells what was gathered, each problem once.</summary>
    /// <exception cref="ConfigException">There was something.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new ConfigException([.. _problems.Distinct()]);
        }
    }
}
