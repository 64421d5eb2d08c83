using System.Diagnostics;

namespace Portico.Cli.Tests.Support;

/// <summary>The <c>portico</c> executable itself, as a process.</summary>
internal static class RealCommand
{
    public static Process Start(TempFolder folder, Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "portico"), arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PORTICO_HOME"] = folder["home"];
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(
        TempFolder folder, Dictionary<string, string> variables, params string[] arguments)
    {
        using var process = Start(folder, variables, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
