using Portico.Cli.Hosting;

namespace Portico.Cli.Tests.Support;

/// <summary>The world of a command, in memory.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly Queue<string> _answers = new();
    private readonly TextWriter _synchronized;

    public Terminal(TempFolder folder, bool interactive = false)
    {
        Directory.CreateDirectory(folder["work"]);
        _synchronized = TextWriter.Synchronized(Out);
        Host = new CliHost
        {
            Variables = new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = folder.Path,
                ["PORTICO_HOME"] = folder["home"],
                ["TERM"] = "xterm",
            },
            WorkingDirectory = folder["work"],
            Out = _synchronized,
            Error = Error,
            InIsTerminal = interactive,
            OutIsTerminal = interactive,
            ErrorIsTerminal = interactive,
            ReadLine = () => _answers.TryDequeue(out var answer) ? answer : null,
            ReadHidden = () => _answers.TryDequeue(out var answer) ? answer : null,
        };
    }

    public CliHost Host { get; private set; }

    public StringWriter Out { get; } = new();

    public StringWriter Error { get; } = new();

    /// <summary>What has been printed so far, also while the command still prints.</summary>
    public string Printed
    {
        get
        {
            // A synchronized writer locks itself.
            lock (_synchronized)
                return Out.ToString();
        }
    }

    public void Answer(string answer) => _answers.Enqueue(answer);

    public void Set(string name, string value) =>
        Host = Host with { Variables = new Dictionary<string, string>(Host.Variables) { [name] = value } };

    /// <summary>Gives the command a file or pipe as standard input.</summary>
    public void Pipe(string text) => Host = Host with { OpenInput = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) };

    public void SetDirectory(string directory) => Host = Host with { WorkingDirectory = directory };

    public void SetRoot(string root) => Host = Host with { Root = root };

    public Task<int> RunAsync(params string[] arguments) => RunAsync(TestContext.Current.CancellationToken, arguments);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        App.RunAsync(arguments, Host, cancellationToken);

    public void Dispose()
    {
        Out.Dispose();
        Error.Dispose();
    }
}
