using System.Collections;
using System.Text;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Hosting;

/// <summary>All that a command sees of the world around it, so that a test can be that world.</summary>
internal sealed record CliHost
{
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string WorkingDirectory { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Below which the machine's own files are.</summary>
    public string Root { get; init; } = "/";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads a line; null at the end of input.</summary>
    public Func<string?> ReadLine { get; init; } = () => null;

    /// <summary>Reads a line that is not shown; null at the end of input.</summary>
    public Func<string?> ReadHidden { get; init; } = () => null;

    public Style OutStyle => new(OutIsTerminal && WantsColour);

    public Style ErrorStyle => new(ErrorIsTerminal && WantsColour);

    /// <summary>Whether someone is there to answer questions.</summary>
    public bool CanAsk => InIsTerminal && ErrorIsTerminal;

    /// <summary>Whether the terminal can be drawn on, rather than only be written to.</summary>
    public bool CanDraw => OutIsTerminal && Variable("TERM") != "dumb";

    private bool WantsColour => Variable("NO_COLOR") is null && Variable("TERM") != "dumb";

    /// <summary>Null when it is not set, or set to nothing.</summary>
    public string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Reading from a terminal cannot be cancelled; whoever waits for it can.</summary>
    public static Task<string?> AskAsync(Func<string?> read, CancellationToken cancellationToken) =>
        Task.Run(read, cancellationToken).WaitAsync(cancellationToken);

    public string Absolute(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <exception cref="SettingsException">A value cannot be used.</exception>
    public PlatformSettings LoadSettings() => PlatformSettings.Load(Variables);

    public static CliHost FromProcess() => new()
    {
        Variables = ReadVariables(),
        WorkingDirectory = Environment.CurrentDirectory,
        Out = Writer(new StandardOutput()),
        Error = Console.Error,
        InIsTerminal = !Console.IsInputRedirected,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        ReadLine = Console.ReadLine,
        ReadHidden = HiddenInput.ReadLine,
    };

    private static StreamWriter Writer(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    private static Dictionary<string, string> ReadVariables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }
}
