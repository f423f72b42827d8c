namespace LlmSim;

/// <summary>Version of the simulator, as results name it.</summary>
internal static class SimulatorVersion
{
    /// <summary>Three numbers, such as <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(LlmInferenceSimulator).Assembly.GetName().Version!.ToString(3);
}
