using System.Diagnostics;
using System.Globalization;

namespace Portico.EndToEnd.Support;

/// <summary>A command under way.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly string _command;

    public CommandRun(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, string directory, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _command = $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}";
        _process = Process.Start(start)!;
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public bool IsRunning => !_process.HasExited;

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => Signals.Send(_process.Id, "INT");

    /// <exception cref="TimeoutException">It did not end in time, or something that it started keeps its output open.</exception>
    public async Task<CommandResult> EndAsync(TimeSpan timeout)
    {
        try
        {
            await Task.WhenAll(_output, _error, _process.WaitForExitAsync()).WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            var state = _process.HasExited ? "ended, but its output is still open" : "still runs";
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{_command}: {state} after {timeout.TotalSeconds} s."));
        }
        return new CommandResult(_command, _process.ExitCode, await _output, await _error, Stopwatch.GetElapsedTime(_started));
    }

    public void Dispose() => _process.Dispose();
}
