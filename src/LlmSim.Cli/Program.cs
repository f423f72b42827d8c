using LlmSim.Cli;

return LlmSimCommand.Run(args, Console.Out, Console.Error);
