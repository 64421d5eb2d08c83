using System.Text.Json;
using Portico.Cli.Hosting;

namespace Portico.Cli.Remotes;

/// <summary>Keeps the list of remotes in the user's own configuration, and decides which one a command uses.</summary>
internal sealed class RemoteStore(CliHost host)
{
    private const string HostVariable = "PORTICO_HOST", KeyVariable = "PORTICO_API_KEY";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _file = Path.Combine(
        host.Variable("XDG_CONFIG_HOME") is { } given && Path.IsPathRooted(given) ? given
            : Path.Combine(host.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "portico", "remotes.json");

    /// <summary>Whether the environment chooses, whatever the list says.</summary>
    public bool IsFromEnvironment => host.Variable(HostVariable) is not null;

    /// <exception cref="CliException">The file cannot be read.</exception>
    public RemoteList Read()
    {
        if (!File.Exists(_file))
            return RemoteList.Empty;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(_file), RemoteJson.Default.RemoteList) ?? RemoteList.Empty;
        }
        catch (JsonException)
        {
            throw new CliException($"{_file} is damaged.", "Delete it, and log in again with `portico login URL`.");
        }
    }

    public async Task WriteAsync(RemoteList list, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!, Private);
        await PrivateFile.WriteAsync(host, _file, JsonSerializer.Serialize(list, RemoteJson.Default.RemoteList), force: true, cancellationToken);
    }

    /// <summary>Returns the platform that commands use; null for the one on this machine.</summary>
    /// <exception cref="CliException">The environment names a platform, and there is no key for it.</exception>
    public Remote? Chosen()
    {
        if (host.Variable(HostVariable) is not { } given)
            return Read().Chosen;
        var url = Remote.AddressIn(given) ?? throw new CliException(
            $"{HostVariable} is '{given}', which is not the address of a platform.", "Use a URL such as https://portico.example.com.", ExitCode.Usage);
        var key = host.Variable(KeyVariable) ?? Read().Remotes.FirstOrDefault(item => item.Url == url)?.Key ?? throw new CliException(
            $"{HostVariable} is set, and there is no API key for {url}.",
            $"Set {KeyVariable} to a key of `portico keys create NAME`, or log in with `portico login {url}`.", ExitCode.Usage);
        return new Remote(url, url, key);
    }
}
