using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Sources;

/// <summary>Adds a Git remote that lets the user push to the platform without a password.</summary>
internal sealed class PushRemote(CliHost host)
{
    private readonly Git _git = new(host.Variables);

    /// <param name="name">The repository's name on the platform; null for the directory's.</param>
    /// <exception cref="CliException">The directory is not in a repository, or the server does not start.</exception>
    public async Task<int> AddAsync(string? name, string remote, CancellationToken cancellationToken)
    {
        var repository = await UserRepository.FindAsync(_git, host.WorkingDirectory, cancellationToken) ?? throw new CliException(
            $"{host.WorkingDirectory} is not in a Git repository.", "Create one: git init && git add . && git commit -m 'Initial commit'", ExitCode.Usage);
        var settings = host.LoadSettings();
        var paths = settings.Paths;
        using var server = await new ServerLauncher(host, settings).EnsureAsync(cancellationToken);
        var origin = await repository.OriginAsync(_git, cancellationToken);
        var made = await server.Client.PutRepositoryAsync(
            name ?? NameOf(repository.Top), new PutRepository(string.IsNullOrEmpty(origin) ? null : origin), cancellationToken);
        await SetAsync(repository.Top, remote, made.Url, paths, cancellationToken);
        var branch = await repository.BranchAsync(_git, cancellationToken) ?? "HEAD:main";
        host.Out.WriteLine($"Remote '{remote}' is {made.Url}");
        host.Out.WriteLine($"Deploy with: git push {remote} {branch}");
        return ExitCode.Ok;
    }

    private async Task SetAsync(string top, string remote, string url, PlatformPaths paths, CancellationToken cancellationToken)
    {
        if ((await _git.TryRunAsync(top, ["remote", "set-url", "--", remote, url], cancellationToken: cancellationToken)).Succeeded is false)
            await RunAsync(top, ["remote", "add", "--", remote, url], cancellationToken);
        var helper = $"credential.{new Uri(url).GetLeftPart(UriPartial.Authority)}.helper";
        // The empty helper comes first: Git then neither asks the user's other helpers nor stores the key in them.
        await RunAsync(top, ["config", "--local", "--replace-all", helper, ""], cancellationToken);
        await RunAsync(top, ["config", "--local", "--add", helper, Helper(paths.ApiKey)], cancellationToken);
    }

    /// <summary>Reads the key when Git needs it, so that the repository's configuration holds no secret.</summary>
    private static string Helper(string keyFile) =>
        $"!f() {{ test \"$1\" = get && echo username=portico && echo \"password=$(cat '{keyFile.Replace("'", @"'\''", StringComparison.Ordinal)}')\"; }}; f";

    private async Task RunAsync(string top, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            await _git.RunAsync(top, arguments, cancellationToken: cancellationToken);
        }
        catch (GitException error)
        {
            throw new CliException(error.Message);
        }
    }

    /// <summary>Derives a valid repository name from that of the directory.</summary>
    private static string NameOf(string top)
    {
        var letters = Path.GetFileName(Path.TrimEndingDirectorySeparator(top)).ToLowerInvariant()
            .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-').ToArray();
        var name = new string(letters).Trim('-', '_');
        return name.Length is > 0 and <= 63 ? name : "app";
    }
}
