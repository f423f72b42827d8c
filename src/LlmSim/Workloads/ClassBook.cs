using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>The names of request classes by index: those of the workload, or those that a trace turns out to have.</summary>
internal sealed class ClassBook
{
    /// <summary>Most classes, so that an index fits a byte.</summary>
    public const int MostClasses = 256;

    /// <summary>Most characters in a name.</summary>
    public const int LongestName = 100;

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(",\"\r\n");

    private readonly bool _isOpen;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, byte> _indices = [];
    private readonly Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    /// <summary>A book of given names; without any it takes each new name that it meets.</summary>
    public ClassBook(IEnumerable<string> names)
    {
        _bySpan = _indices.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string name in names)
        {
            Add(name);
        }

        _isOpen = _names.Count == 0;
    }

    /// <summary>The book of a workload with a trace.</summary>
    public static ClassBook Of(WorkloadSpec workload) => new(workload.Classes.Select(c => c.Name))
    {
        IsRequired = workload.Classes.Count > 0 || workload.Trace?.Class is not null,
    };

    /// <summary>Whether a trace must have a column of classes.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Names by index.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What a name may be, for messages.</summary>
    public string Allowed => _isOpen
        ? $"the name of a class, of 1 to {LongestName} characters without commas and quotes, at most {MostClasses} different ones"
        : $"a class of workload.classes: {string.Join(", ", _names)}";

    /// <summary>The index of a name; false when it cannot be one.</summary>
    public bool TryFind(ReadOnlySpan<char> name, out byte index)
    {
        if (_bySpan.TryGetValue(name, out index))
        {
            return true;
        }

        if (!_isOpen || !IsName(name) || _names.Count == MostClasses)
        {
            return false;
        }

        index = Add(name.ToString());
        return true;
    }

    /// <summary>Whether a text can be the name of a class.</summary>
    public static bool IsName(ReadOnlySpan<char> name) => name.Length is > 0 and <= LongestName && !name.ContainsAny(Forbidden);

    private byte Add(string name)
    {
        byte index = (byte)_names.Count;
        _indices.Add(name, index);
        _names.Add(name);
        return index;
    }
}
