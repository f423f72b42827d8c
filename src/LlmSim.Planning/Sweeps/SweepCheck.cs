using LlmSim.Calibration;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Planning.Sweeps;

/// <summary>
/// Refuses, before anything runs, what no combination can make right: a field that does not exist, a value out of range, a file that is not there. Values
/// that are only impossible together get a row that says so.
/// </summary>
internal sealed class SweepCheck
{
    // Combinations of one value that are tried before it is believed to be wrong in itself.
    private const int MostTries = 1000;

    private readonly SweepSpec _sweep;
    private readonly bool[][] _isGood;
    private readonly HashSet<string> _filesRead = [];

    private SweepCheck(SweepSpec sweep)
    {
        _sweep = sweep;
        _isGood = [.. Enumerable.Range(0, sweep.Grid.Dimensions).Select(dimension => new bool[sweep.Grid.Length(dimension)])];
    }

    /// <summary>Checks every value of every axis.</summary>
    /// <exception cref="ConfigException">A value is wrong in all combinations, or the scenario is; lists everything found.</exception>
    public static void Check(SweepSpec sweep)
    {
        var check = new SweepCheck(sweep);
        var problems = new List<ConfigProblem>();
        check.ForEachDoubtful((dimension, place) => problems.AddRange(check.Try(check.Alone(dimension, place))));
        check.TryDiagonals();
        bool isAnyGood = check._isGood.Any(places => places.Contains(true));
        if (isAnyGood)
        {
            problems.Clear();
            check.ForEachDoubtful((dimension, place) => problems.AddRange(check.TryAll(dimension, place)));
        }

        if (problems.Count > 0)
        {
            throw new ConfigException([.. problems.DistinctBy(problem => (problem.Field, problem.Value))]);
        }
    }

    private void ForEachDoubtful(Action<int, int> act)
    {
        for (int dimension = 0; dimension < _isGood.Length; dimension++)
        {
            for (int place = 0; place < _isGood[dimension].Length; place++)
            {
                if (!_isGood[dimension][place])
                {
                    act(dimension, place);
                }
            }
        }
    }

    /// <summary>The point with one value, and the first of all others.</summary>
    private long Alone(int dimension, int place) => _sweep.Grid.Point(other => other == dimension ? place : 0);

    private void TryDiagonals()
    {
        int longest = _isGood.Max(places => places.Length);
        int tries = 0;
        for (int i = 0; i < longest && tries < MostTries; i++)
        {
            int step = i;
            if (_isGood.Any(places => !places[step % places.Length]))
            {
                tries++;
                Try(_sweep.Grid.Point(dimension => step % _isGood[dimension].Length));
            }
        }
    }

    /// <summary>What is wrong with a value: nothing if it is possible with some values of the others.</summary>
    private IReadOnlyList<ConfigProblem> TryAll(int dimension, int place)
    {
        long others = _sweep.Grid.Count / _isGood[dimension].Length;
        long tries = Math.Min(others, MostTries);
        for (long i = 0; i < tries && !_isGood[dimension][place]; i++)
        {
            Try(Combination(dimension, place, (long)((Int128)i * others / tries)));
        }

        return _isGood[dimension][place] ? [] : Try(_sweep.Grid.Point(other => other == dimension ? place : Math.Max(0, Array.IndexOf(_isGood[other], true))));
    }

    /// <summary>The point with one value and some combination of all others.</summary>
    private long Combination(int dimension, int place, long number) => _sweep.Grid.Point(other =>
    {
        if (other == dimension)
        {
            return place;
        }

        (number, long at) = Math.DivRem(number, _isGood[other].Length);
        return (int)at;
    });

    /// <summary>What is wrong with a point; if nothing, its values are good.</summary>
    private IReadOnlyList<ConfigProblem> Try(long point)
    {
        try
        {
            SimulatorConfig config = ScenarioReader.Read(_sweep.At(point));
            OpenFiles(config);
        }
        catch (ConfigException e)
        {
            return e.Problems;
        }

        for (int dimension = 0; dimension < _isGood.Length; dimension++)
        {
            _isGood[dimension][_sweep.Grid.At(point, dimension)] = true;
        }

        return [];
    }

    // Files of the workload and the profile are opened once each.
    private void OpenFiles(SimulatorConfig config)
    {
        WorkloadSpec workload = config.Workload;
        string files = string.Join('\n', workload.Trace?.Path, workload.DatasetPath, workload.InputLength.Path, workload.OutputLength.Path,
            workload.Sessions?.Turns.Path, string.Join('\n', workload.Classes.Select(one => $"{one.InputLength?.Path}\n{one.OutputLength?.Path}")));
        if (!_filesRead.Contains(files))
        {
            using RequestSource source = RequestSources.Create(workload, config.Seed);
            _filesRead.Add(files);
        }

        string profile = $"{config.Profile}\n{config.Cluster.Gpu.Name}\n{config.Engine}";
        if (!_filesRead.Contains(profile))
        {
            KernelProfiles.For(config);
            _filesRead.Add(profile);
        }
    }
}
