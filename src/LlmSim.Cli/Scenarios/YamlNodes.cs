using LlmSim.Scenarios;
using LlmSim.Specs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LlmSim.Cli.Scenarios;

/// <summary>Reads YAML with the line of every value. One document; anchors and aliases work, merge keys do not.</summary>
internal sealed class YamlNodes
{
    private const int DeepestNesting = 32;

    private readonly string _path;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, ScenarioNode> _anchors = [];

    private YamlNodes(string path, Parser parser)
    {
        _path = path;
        _parser = parser;
    }

    /// <summary>The object that a YAML text holds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Name of the file, for messages and relative paths.</param>
    /// <exception cref="ConfigException">It is not YAML, not an object, or gives a key twice.</exception>
    public static ScenarioNode Parse(string text, string path)
    {
        try
        {
            return ScenarioRoot.Check(new YamlNodes(path, new Parser(new StringReader(text))).ReadDocument(), path);
        }
        catch (YamlException e)
        {
            throw Invalid(ScenarioOrigin.File(path, e.Start.Line), e.Message.TrimEnd('.'));
        }
    }

    private ScenarioNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out StreamEnd? end))
        {
            return ScenarioNode.Nothing(At(end));
        }

        _parser.Consume<DocumentStart>();
        ScenarioNode root = Read(At(_parser.Current!), depth: 0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out DocumentStart? second) ? throw Invalid(At(second), "a second document") : root;
    }

    /// <summary>Reads the next value; it counts as given where its key stands.</summary>
    private ScenarioNode Read(ScenarioOrigin origin, int depth)
    {
        ParsingEvent next = _parser.Consume<ParsingEvent>();
        if (next is AnchorAlias alias)
        {
            return _anchors.TryGetValue(alias.Value, out ScenarioNode? target)
                ? target.At(origin)
                : throw Invalid(origin, $"an alias of nothing above it, *{alias.Value}");
        }

        ScenarioNode node = next switch
        {
            _ when depth > DeepestNesting => throw Invalid(origin, "objects in objects in objects without end"),
            Scalar scalar => ReadScalar(scalar, origin),
            MappingStart => ReadObject(origin, depth),
            SequenceStart => ReadList(origin, depth),
            _ => throw Invalid(origin, "a value that cannot be read"),
        };
        if (next is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor] = node;
        }

        return node;
    }

    private static ScenarioNode ReadScalar(Scalar scalar, ScenarioOrigin origin) =>
        scalar.Style != ScalarStyle.Plain ? ScenarioNode.Word(origin, scalar.Value, isQuoted: true)
        : scalar.Value is "" or "~" or "null" or "Null" or "NULL" ? ScenarioNode.Nothing(origin)
        : ScenarioNode.Word(origin, scalar.Value);

    private ScenarioNode ReadObject(ScenarioOrigin origin, int depth)
    {
        ScenarioNode node = ScenarioNode.Object(origin);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ParsingEvent start = _parser.Current!;
            string key = _parser.TryConsume<Scalar>(out Scalar? scalar) ? scalar.Value : throw Invalid(At(start), "a key that is not a word");
            ScenarioOrigin at = At(start);
            if (node[key] is not null)
            {
                throw ScenarioRoot.Twice(at, key);
            }

            node.Set(key, Read(at, depth + 1));
        }

        return node;
    }

    private ScenarioNode ReadList(ScenarioOrigin origin, int depth)
    {
        var items = new List<ScenarioNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Read(At(_parser.Current!), depth + 1));
        }

        return ScenarioNode.List(origin, items);
    }

    private ScenarioOrigin At(ParsingEvent place) => ScenarioOrigin.File(_path, place.Start.Line);

    private static ConfigException Invalid(ScenarioOrigin origin, string what) =>
        new(new ConfigProblem(origin.Place, what, "one YAML document of keys and values", "Correct the line, or the one before it."));
}
