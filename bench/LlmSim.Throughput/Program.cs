using LlmSim.Specs;
using LlmSim.Specs.Engines;
using LlmSim.Throughput;

string verb = args.Length > 0 ? args[0] : "";
try
{
    switch (verb)
    {
        case "throughput":
            Report.Throughput(requests: Option("--requests", 1_000_000), repeats: (int)Option("--repeat", 5), Engine(), Profile());
            return 0;
        case "memory":
            Report.Memory(most: Option("--most", 1_000_000), Engine(), Profile());
            return 0;
        case Measurement.Verb:
            Console.WriteLine(Measurement.Take(args[1..]));
            return 0;
        default:
            throw new FormatException($"'{verb}' is not throughput or memory.");
    }
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine("Usage: throughput [--requests N] [--repeat R] | memory [--most N], each with [--engine NAME] [--profile auto|none|NAME]");
    return 2;
}

long Option(string name, long standard)
{
    int index = Array.IndexOf(args, name);
    if (index < 0)
    {
        return standard;
    }

    return index + 1 < args.Length && long.TryParse(args[index + 1], out long value) && value > 0
        ? value
        : throw new FormatException($"{name} needs a whole number above 0.");
}

string Text(string name, string standard)
{
    int index = Array.IndexOf(args, name);
    return index < 0 ? standard : index + 1 < args.Length ? args[index + 1] : "";
}

string Profile() => Text("--profile", SimulatorConfig.EmbeddedProfile);

EngineSpec Engine()
{
    string name = Text("--engine", EngineSpec.Default.Name);
    return EngineSpec.TryParse(name, out EngineSpec? engine) ? engine : throw new FormatException($"--engine needs a name; '{name}' is none.");
}
