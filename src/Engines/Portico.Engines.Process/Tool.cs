using System.ComponentModel;
using System.Diagnostics;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process;

/// <summary>Runs a short-lived system program and waits for it. It takes an array of arguments and never uses a shell.</summary>
internal static class Tool
{
    public const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static Task<ToolResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        RunAsync(command, "/", new Dictionary<string, string>(), cancellationToken);

    public static async Task<ToolResult> RunAsync(
        IReadOnlyList<string> command, string directory, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Start(command, directory, environment);
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WaitAsync(process, cancellationToken);
            return new ToolResult(process.ExitCode, await output, (await error).Trim());
        }
        catch (Win32Exception e)
        {
            return new ToolResult(127, "", $"Cannot start {command[0]}: {e.Message}.");
        }
    }

    /// <summary>Starts a program with only the given variables. The caller reads its output.</summary>
    public static OsProcess Start(IReadOnlyList<string> command, string directory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = SystemPath;
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = OsProcess.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static async Task WaitAsync(OsProcess process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}
