using System.Collections;
using System.Text;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Hosting;

/// <summary>Everything that a command uses of its environment, so that tests can replace it.</summary>
internal sealed record CliHost
{
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string WorkingDirectory { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>The columns of the terminal that standard output is; null when it is none.</summary>
    public int? Width { get; init; }

    /// <summary>Opens standard input for bytes that a command on the platform gets.</summary>
    public Func<Stream> OpenInput { get; init; } = () => Stream.Null;

    /// <summary>Opens standard output for bytes that a command on the platform prints.</summary>
    public Func<Stream> OpenOutput { get; init; } = () => Stream.Null;

    public Func<Stream> OpenErrorOutput { get; init; } = () => Stream.Null;

    /// <summary>Returns the present size of the terminal.</summary>
    public Func<ShellSize> TerminalSize { get; init; } = () => new ShellSize(80, 24);

    /// <summary>The root of the machine's own files.</summary>
    public string Root { get; init; } = "/";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads a line from standard input; null at its end.</summary>
    public Func<string?> ReadLine { get; init; } = () => null;

    /// <summary>Reads a line without echoing it; null at the end of input.</summary>
    public Func<string?> ReadHidden { get; init; } = () => null;

    public Style OutStyle => new(OutIsTerminal && WantsColour);

    public Style ErrorStyle => new(ErrorIsTerminal && WantsColour);

    /// <summary>Whether a user can answer questions.</summary>
    public bool CanAsk => InIsTerminal && ErrorIsTerminal;

    /// <summary>Whether the terminal supports moving the cursor.</summary>
    public bool CanDraw => OutIsTerminal && Variable("TERM") != "dumb";

    private bool WantsColour => Variable("NO_COLOR") is null && Variable("TERM") != "dumb";

    /// <summary>Returns a variable of the environment; null when it is not set or empty.</summary>
    public string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Reads with cancellation: the read itself cannot be canceled, only the wait for it.</summary>
    public static Task<string?> AskAsync(Func<string?> read, CancellationToken cancellationToken) =>
        Task.Run(read, cancellationToken).WaitAsync(cancellationToken);

    public string Absolute(string path) => Path.GetFullPath(path, WorkingDirectory);

    /// <exception cref="SettingsException">A setting has an invalid value.</exception>
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
        Width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? null : Console.WindowWidth,
        OpenInput = Console.OpenStandardInput,
        OpenOutput = () => new StandardOutput(),
        OpenErrorOutput = Console.OpenStandardError,
        TerminalSize = () => new ShellSize(Console.WindowWidth, Console.WindowHeight),
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
