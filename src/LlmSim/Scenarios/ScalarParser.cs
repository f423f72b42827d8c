namespace LlmSim.Scenarios;

/// <summary>Reads a value from its text; false when the text is not one.</summary>
internal delegate bool ScalarParser<T>(string text, out T value);
