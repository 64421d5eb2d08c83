using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Remotes;

namespace Portico.Cli;

/// <summary>Runs one command line: parses it, runs the command, and turns an exception into a message and an exit code.</summary>
internal static class App
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host, CancellationToken cancellationToken)
    {
        try
        {
            var tree = CommandTree.Create(host);
            if (Completions.AreAsked(arguments))
                return Completions.Write(host, tree, arguments);
            var parsed = tree.Parse(arguments);
            if ((parsed.Errors.Count > 0 || UsageError.MistakenOption(parsed, arguments) is not null) && UsageError.Report(host, parsed, arguments))
                return ExitCode.Usage;
            LocalCommands.Check(parsed, host);
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = host.Out,
                    Error = host.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        // The last place to handle an exception: no caller could report it better.
        catch (Exception error)
        {
            return ErrorReport.Write(host, error);
        }
    }
}
