using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>Work of one or many steps, operator by operator.</summary>
/// <param name="scales">Factors on the times of what is added operator by operator; null for none.</param>
internal sealed class StepWork(KernelScales? scales = null)
{
    private static readonly int Operators = Enum.GetValues<StepOperator>().Length;

    private readonly OperatorWork[] _work = new OperatorWork[Operators];

    /// <summary>Work of one operator.</summary>
    public OperatorWork this[StepOperator op] => _work[(int)op];

    /// <summary>Work of all operators.</summary>
    public OperatorWork Total
    {
        get
        {
            var total = default(OperatorWork);
            foreach (ref readonly var one in _work.AsSpan())
            {
                total += one;
            }

            return total;
        }
    }

    /// <summary>Quanta of all operators.</summary>
    /// <exception cref="OverflowException">Above 2.4 hours.</exception>
    public long Quanta
    {
        get
        {
            Int128 quanta = 0;
            foreach (ref readonly var one in _work.AsSpan())
            {
                quanta += one.Total;
            }

            return checked((long)quanta);
        }
    }

    /// <summary>Forgets all work.</summary>
    public StepWork Clear()
    {
        Array.Clear(_work);
        return this;
    }

    /// <summary>Adds work of one operator.</summary>
    public void Add(StepOperator op, in OperatorWork work) => _work[(int)op] += scales is null ? work : work.Scaled(scales.Of(op));

    /// <summary>Adds <paramref name="times"/> times some other work.</summary>
    public StepWork Add(StepWork other, Int128 times)
    {
        for (int i = 0; i < _work.Length; i++)
        {
            _work[i] += other._work[i] * times;
        }

        return this;
    }
}
