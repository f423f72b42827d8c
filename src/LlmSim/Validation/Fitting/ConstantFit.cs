using System.Globalization;
using LlmSim.Specs;

namespace LlmSim.Validation.Fitting;

/// <summary>
/// Fits constants to measured runs: Levenberg and Marquardt's method on <see cref="LatencyCells"/>, errors in units of their own chance,
/// large ones by Huber's weights, so that what no constant explains pulls little. What the runs cannot tell is left as it was, and said.
/// </summary>
/// <remarks>
/// A constant that moves ever so little has single requests fall into other steps, so the loss is rough on a small scale. A step is therefore
/// taken even if the loss grows a little, and what comes out is the mean of the steps around the lowest. The same call gives the same bits on
/// any machine and number of cores.
/// </remarks>
internal sealed class ConstantFit
{
    private const int MostSteps = 16;
    private const int FirstSteps = 3; // From each place where a search may begin.
    private const int Averaged = 6;
    private const double Rough = 0.02; // Share of the loss that means nothing,
    private const double RoughEach = 0.3; // and how much more, of the root of the number of statistics.
    private const double ClearlyLess = 0.8;
    private const double HuberBound = 1.345;
    private const double Sure = 2.365; // 97.5% of Student's distribution with as many degrees of freedom as there are blocks less one.
    private const double Told = 0.125; // Half-width that tells something, of the range a constant can have.
    private static readonly double[] Hidden = [4, 16]; // Times the default: where what hides may come to light.

    private readonly FitTarget _target;
    private readonly CancellationToken _cancellation;

    private ConstantFit(FitTarget target, CancellationToken cancellation)
    {
        _target = target;
        _cancellation = cancellation;
    }

    /// <summary>Fits.</summary>
    /// <param name="target">The runs.</param>
    /// <param name="constants">The constants, those that are given up last first.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <returns>What is said of each, in order.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<ConstantEstimate> Run(FitTarget target, IReadOnlyList<FittedConstant> constants, CancellationToken cancellation = default) =>
        new ConstantFit(target, cancellation).Run(constants);

    /// <summary>A scenario with constants at their estimates.</summary>
    public static SimulatorConfig Apply(SimulatorConfig config, IEnumerable<ConstantEstimate> estimates) =>
        estimates.Where(estimate => estimate.IsFound).Aggregate(config, (changed, estimate) => estimate.Constant.Set(changed, estimate.Value));

    private IReadOnlyList<ConstantEstimate> Run(IReadOnlyList<FittedConstant> constants)
    {
        var unknown = new Dictionary<FittedConstant, string>();
        double[] start = [.. constants.Select(constant => constant.Get(_target.Runs[0].Config))];
        double[] values = Begin([.. constants], start);
        while (true)
        {
            FittedConstant[] free = [.. constants.Where(constant => !unknown.ContainsKey(constant))];
            Solution solution = Search(free, [.. free.Select(constant => values[Place(constant)])]);
            FittedConstant? given = GiveUp(free, solution, out string why);
            if (given is null)
            {
                return [.. constants.Select(constant => Array.IndexOf(free, constant) is var i and >= 0
                    ? new ConstantEstimate(constant, solution.Values[i], Sure * solution.Errors[i])
                    : new ConstantEstimate(constant, start[Place(constant)], null) { Why = unknown[constant] })];
            }

            unknown.Add(given, why);
            values = [.. start];
            for (int i = 0; i < free.Length; i++)
            {
                values[Place(free[i])] = free[i] == given ? start[Place(given)] : solution.Values[i];
            }
        }

        int Place(FittedConstant constant) => constants.ToList().IndexOf(constant);
    }

    // What hides at its default may be larger, where a search would not see it from; but only if that explains clearly more.
    private double[] Begin(FittedConstant[] constants, double[] start)
    {
        List<double[]> places = [start];
        for (int i = 0; i < start.Length; i++)
        {
            if (constants[i].CanHide)
            {
                places.AddRange(Hidden.Select(factor => (double[])[.. start[..i], factor * start[i], .. start[(i + 1)..]]));
            }
        }

        if (places.Count == 1)
        {
            return start;
        }

        double[] deviations = Deviations(constants, start);
        Descent[] ends = [.. places.Select(place => Descend(constants, place, deviations, FirstSteps))];
        Descent best = ends.MinBy(end => end.Loss)!;
        return best.Loss < ClearlyLess * ends[0].Loss ? best.Values : ends[0].Values;
    }

    private Solution Search(FittedConstant[] free, double[] values)
    {
        double[] deviations = Deviations(free, values);
        Descent end = Descend(free, values, deviations, MostSteps);

        // What no constant explains is an uncertainty as well; with it priors count for what they are.
        (double[] errors, double[,] slopes, RequestTimes?[][] times) = Look(free, end.Values);
        double unexplained = Math.Sqrt(Math.Max(1, Unexplained(errors, deviations, free.Length)));
        deviations = [.. deviations.Select((deviation, i) => i < errors.Length - PriorDeviations(free).Count() ? unexplained * deviation : deviation)];
        if (unexplained > 1)
        {
            end = Descend(free, end.Values, deviations, MostSteps);
            (errors, slopes, times) = Look(free, end.Values);
        }

        return Judge(free, end, errors, slopes, deviations, times);
    }

    private double[] Deviations(FittedConstant[] free, double[] values) =>
        [.. _target.Deviations(_target.Simulate([Change(free, values)], _cancellation)[0]), .. PriorDeviations(free)];

    // Mean square of what is left, in units of what is expected, large ones held back.
    private static double Unexplained(double[] errors, double[] deviations, int constants)
    {
        double left = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            double z = errors[i] / deviations[i];
            left += Weight(z) * z * z;
        }

        return left / Math.Max(1, errors.Length - constants);
    }

    // Down to where the loss is flat but for its roughness; there, the mean of a few steps.
    private Descent Descend(FittedConstant[] free, double[] values, double[] deviations, int mostSteps)
    {
        const double Least = 1e-4, Most = 1e4;
        double damping = 1e-3, loss = double.PositiveInfinity, least = double.PositiveInfinity;
        var taken = new List<(double[] Values, double Loss)>();
        double[]? errors = null;
        double[,]? slopes = null;
        while (taken.Count < mostSteps && Settled().Count < Averaged && damping <= Most)
        {
            if (errors is null)
            {
                (errors, slopes, _) = Look(free, values);
                loss = Loss(errors, deviations);
                least = Math.Min(least, loss);
            }

            double[] next = Step(free, values, errors, slopes!, deviations, damping);
            double nextLoss = Loss(Errors(free, next, _target.Simulate([Change(free, next)], _cancellation)[0]), deviations);
            if (nextLoss > loss + Roughness())
            {
                damping *= 10;
                continue;
            }

            taken.Add((next, nextLoss));
            (values, errors, damping) = (next, null, Math.Max(Least, damping / 10));
            (loss, least) = (nextLoss, Math.Min(least, nextLoss));
        }

        List<double[]> settled = Settled();
        if (settled.Count == 0)
        {
            settled.Add(values);
        }

        double[] mean = [.. Enumerable.Range(0, values.Length).Select(j => settled.Sum(one => one[j]) / settled.Count)];
        double[] scatter = [.. mean.Select((middle, j) => Math.Sqrt(settled.Sum(one => (one[j] - middle) * (one[j] - middle)) / settled.Count))];
        return new Descent(mean, scatter, least);

        double Roughness() => (Rough * least) + (RoughEach * Math.Sqrt(deviations.Length));

        List<double[]> Settled() => [.. taken.Where(one => one.Loss <= least + Roughness()).Select(one => one.Values)];
    }

    // Errors here, and how each grows with each constant.
    private (double[] Errors, double[,] Slopes, RequestTimes?[][] Times) Look(FittedConstant[] free, double[] values)
    {
        double[][] points = [values, .. free.Select((constant, j) => (double[])[.. values[..j], values[j] + constant.Nudge, .. values[(j + 1)..]])];
        RequestTimes?[][][] times = _target.Simulate([.. points.Select(point => Change(free, point))], _cancellation);
        double[][] errors = [.. times.Zip(points, (one, point) => Errors(free, point, one))];
        double[,] slopes = new double[errors[0].Length, free.Length];
        for (int i = 0; i < errors[0].Length; i++)
        {
            for (int j = 0; j < free.Length; j++)
            {
                slopes[i, j] = (errors[j + 1][i] - errors[0][i]) / free[j].Nudge;
            }
        }

        return (errors[0], slopes, times[0]);
    }

    private static double[] Step(FittedConstant[] free, double[] values, double[] errors, double[,] slopes, double[] deviations, double damping)
    {
        // A constant at 0 that would fall below stays there.
        bool[] isFixed = new bool[free.Length];
        while (true)
        {
            int[] moving = [.. Enumerable.Range(0, free.Length).Where(j => !isFixed[j])];
            double[,] normal = Normal(slopes, moving, errors, deviations, out double[] gradient);
            double[] next = [.. values];
            for (int a = 0; a < moving.Length; a++)
            {
                double unit = 1 / (free[moving[a]].Range * free[moving[a]].Range);
                normal[a, a] = (normal[a, a] * (1 + damping)) + (damping * unit);
            }

            if (LinearSystem.Invert(normal) is { } inverse)
            {
                for (int a = 0; a < moving.Length; a++)
                {
                    for (int b = 0; b < moving.Length; b++)
                    {
                        next[moving[a]] -= inverse[a, b] * gradient[b];
                    }
                }
            }

            int[] below = [.. moving.Where(j => next[j] < 0)];
            if (below.All(j => values[j] > 0))
            {
                return [.. next.Select(value => Math.Max(0, value))];
            }

            foreach (int j in below.Where(j => values[j] <= 0))
            {
                isFixed[j] = true;
            }
        }
    }

    // How sure each is: chance, by leaving out stretches of time, what is left unexplained, and how rough the ground is.
    private Solution Judge(FittedConstant[] free, Descent end, double[] errors, double[,] slopes, double[] deviations, RequestTimes?[][] times)
    {
        int n = free.Length;
        int[] all = [.. Enumerable.Range(0, n)];
        double[,] normal = Normal(slopes, all, errors, deviations, out _);
        double left = Unexplained(errors, deviations, n);
        double[] together = [.. Enumerable.Repeat(double.PositiveInfinity, n)];
        double[] alone = [.. all.Select(j => normal[j, j] > 0 ? Math.Sqrt(Math.Max(1, left) / normal[j, j]) : double.PositiveInfinity)];
        double[,]? inverse = LinearSystem.Invert(normal);
        if (inverse is not null)
        {
            double[][] moved = [.. _target.WithoutEach(times).Select(without =>
            {
                Normal(slopes, all, [.. errors.Select((error, i) => i < without.Length ? without[i] - error : 0)], deviations, out double[] gradient, errors);
                return all.Select(a => -all.Sum(b => inverse[a, b] * gradient[b])).ToArray();
            })];
            together = [.. all.Select(j =>
            {
                double chance = FitTarget.Jackknife([.. moved.Select(move => move[j])]);
                return Math.Sqrt((chance * chance) + (left * inverse[j, j]) + (end.Scatter[j] * end.Scatter[j]));
            })];
        }

        return new Solution(end.Values, together, alone, normal);
    }

    // The constant that the runs tell least of, the last in order; null when all are told.
    private FittedConstant? GiveUp(FittedConstant[] free, Solution solution, out string why)
    {
        why = "";
        int[] untold = [.. Enumerable.Range(0, free.Length).Where(j => free[j].Prior is null && !(Sure * solution.Errors[j] <= Told * free[j].Range))];
        int[] flat = [.. Enumerable.Range(0, free.Length).Where(j => free[j].Prior is null && !(Sure * solution.Alone[j] <= Told * free[j].Range))];
        if (untold.Length + flat.Length == 0)
        {
            return null;
        }

        int given = flat.Length > 0 ? flat[^1] : untold[^1];
        FittedConstant constant = free[given];
        if (flat.Length > 0)
        {
            why = constant.CanHide
                ? $"nothing changes up to {Text(constant, LargestHidden(free, solution.Values, given))}: it hides behind the GPU's time"
                : "nothing that was measured depends on it enough";
            return constant;
        }

        // Told apart from whichever moves it most.
        int partner = Enumerable.Range(0, free.Length).Where(j => j != given)
            .MaxBy(j => Math.Abs(solution.Normal[given, j]) / Math.Sqrt(solution.Normal[given, given] * solution.Normal[j, j]));
        string other = free[partner].Prior is null ? free[partner].Name : "an error of the kernels' times";
        why = $"these requests do not tell it from {other}";
        return constant;
    }

    // Up to where a constant can grow before anything measured moves by as much as chance moves it.
    private double LargestHidden(FittedConstant[] free, double[] values, int which)
    {
        const int Doublings = 8, Halvings = 4;
        RequestTimes?[][] times = _target.Simulate([Change(free, values)], _cancellation)[0];
        double[] errors = _target.Errors(times), deviations = _target.Deviations(times);
        double hidden = values[which], seen = Math.Max(values[which], free[which].Nudge);
        for (int i = 0; i < Doublings && IsHidden(seen); i++)
        {
            (hidden, seen) = (seen, 2 * seen);
        }

        for (int i = 0; i < Halvings; i++)
        {
            double middle = (hidden + seen) / 2;
            (hidden, seen) = IsHidden(middle) ? (middle, seen) : (hidden, middle);
        }

        return hidden;

        bool IsHidden(double value)
        {
            double[] changed = [.. values];
            changed[which] = value;
            double[] moved = _target.Errors(_target.Simulate([Change(free, changed)], _cancellation)[0]);
            return !Enumerable.Range(0, errors.Length).Any(i => Math.Abs(moved[i] - errors[i]) > deviations[i]);
        }
    }

    // Those of the runs, and how far constants are from where they are without any run.
    private double[] Errors(FittedConstant[] free, double[] values, RequestTimes?[][] times) =>
    [
        .. _target.Errors(times),
        .. free.Zip(values).Where(pair => pair.First.Prior is not null).Select(pair => pair.Second - pair.First.Get(_target.Runs[0].Config)),
    ];

    private static IEnumerable<double> PriorDeviations(FittedConstant[] free) => free.Select(constant => constant.Prior).OfType<double>();

    private static string Text(FittedConstant constant, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value * constant.Scale:0.##} {constant.Unit}");

    private static Func<SimulatorConfig, SimulatorConfig> Change(FittedConstant[] free, double[] values) => config =>
    {
        for (int j = 0; j < free.Length; j++)
        {
            config = free[j].Set(config, values[j]);
        }

        return config;
    };

    // Sums of weighted products of slopes, and of slopes with errors; weights go by the errors, or by others that are given.
    private static double[,] Normal(
        double[,] slopes, int[] columns, double[] errors, double[] deviations, out double[] gradient, double[]? weighing = null)
    {
        double[,] normal = new double[columns.Length, columns.Length];
        gradient = new double[columns.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            double weight = Weight((weighing ?? errors)[i] / deviations[i]) / (deviations[i] * deviations[i]);
            for (int a = 0; a < columns.Length; a++)
            {
                gradient[a] += weight * slopes[i, columns[a]] * errors[i];
                for (int b = 0; b < columns.Length; b++)
                {
                    normal[a, b] += weight * slopes[i, columns[a]] * slopes[i, columns[b]];
                }
            }
        }

        return normal;
    }

    private static double Weight(double z) => Math.Min(1, HuberBound / Math.Max(HuberBound, Math.Abs(z)));

    private static double Loss(double[] errors, double[] deviations)
    {
        double sum = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            double z = Math.Abs(errors[i] / deviations[i]);
            sum += z <= HuberBound ? z * z / 2 : HuberBound * (z - (HuberBound / 2));
        }

        return sum;
    }

    /// <summary>Where a search ended.</summary>
    /// <param name="Values">The constants.</param>
    /// <param name="Errors">Standard error of each with all others free.</param>
    /// <param name="Alone">The same with all others known.</param>
    /// <param name="Normal">Sums of weighted products of slopes.</param>
    private sealed record Solution(double[] Values, double[] Errors, double[] Alone, double[,] Normal);

    /// <summary>Where steps down ended.</summary>
    /// <param name="Values">The mean of the last.</param>
    /// <param name="Scatter">Their standard deviation.</param>
    /// <param name="Loss">The least loss seen.</param>
    private sealed record Descent(double[] Values, double[] Scatter, double Loss);
}
