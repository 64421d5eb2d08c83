using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Portico.Hosting.Processes;

/// <param name="Output">All of standard output.</param>
/// <param name="Error">All of standard error.</param>
public sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a program to its end and captures what it prints.</summary>
public static class CapturedProcess
{
    /// <summary>Starts the program and redirects its three streams.</summary>
    /// <exception cref="Win32Exception">The program is not installed or cannot be started.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        return Process.Start(start)!;
    }

    /// <param name="input">Is written to standard input, as UTF-8. Standard input is then closed.</param>
    /// <exception cref="Win32Exception">The program is not installed or cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The program and all its children were killed.</exception>
    public static async Task<ProcessResult> RunAsync(ProcessStartInfo start, string? input, CancellationToken cancellationToken)
    {
        await using var content = input is null ? null : new MemoryStream(Encoding.UTF8.GetBytes(input));
        return await RunWithInputAsync(start, content, cancellationToken);
    }

    /// <inheritdoc cref="RunAsync"/>
    /// <param name="input">Is written to standard input, which is then closed.</param>
    public static async Task<ProcessResult> RunWithInputAsync(ProcessStartInfo start, Stream? input, CancellationToken cancellationToken)
    {
        using var process = Start(start);
        try
        {
            // Both are read while the program runs: it would stop at a full pipe.
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteAsync(Process process, Stream? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
                await input.CopyToAsync(process.StandardInput.BaseStream, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program exited before it read everything. Its exit code and output say why.
        }
    }
}
