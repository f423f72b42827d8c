using LlmSim.Serving;
using LlmSim.Specs;

namespace LlmSim.Metrics;

/// <summary>What is counted of each class of requests. A class without objectives of its own has those of the scenario.</summary>
internal sealed class ClassTallies
{
    private readonly IReadOnlyList<RequestClassSpec> _specs;
    private readonly SloSpec? _objectives;
    private readonly List<ClassTally> _tallies = [];

    /// <summary>Starts counting.</summary>
    /// <param name="specs">The classes of the scenario; empty when only the trace knows them.</param>
    /// <param name="names">Names by index; may grow while a trace is read, and stay empty when it has no classes.</param>
    /// <param name="objectives">The objectives of the scenario.</param>
    public ClassTallies(IReadOnlyList<RequestClassSpec> specs, IReadOnlyList<string> names, SloSpec? objectives)
    {
        _specs = specs;
        _objectives = objectives;
        Names = names;
    }

    /// <summary>Names by index.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether any class has objectives of its own.</summary>
    public bool HaveObjectives => _specs.Any(spec => ObjectivesOf(spec).IsSet);

    /// <summary>The tally of a class.</summary>
    public ClassTally this[int index]
    {
        get
        {
            while (_tallies.Count <= index)
            {
                int next = _tallies.Count;
                SloSpec own = next < _specs.Count ? ObjectivesOf(_specs[next]) : new SloSpec();
                _tallies.Add(new ClassTally(own.IsSet ? own : _objectives));
            }

            return _tallies[index];
        }
    }

    /// <summary>A request finished.</summary>
    public void Add(in RequestRecord record)
    {
        if (Names.Count > 0)
        {
            this[record.Class].Add(in record);
        }
    }

    private static SloSpec ObjectivesOf(RequestClassSpec spec) => new()
    {
        TtftMilliseconds = spec.FirstTokenMilliseconds,
        TpotMilliseconds = spec.PerTokenMilliseconds,
        E2elMilliseconds = spec.EndToEndMilliseconds,
    };
}
