using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Sources;

/// <summary>Lets a user's own <c>git push</c> reach the platform, without typing a password.</summary>
internal sealed class PushRemote(CliHost host)
{
    private readonly Git _git = new(host.Variables);

    /// <param name="name">On the platform; null for the directory's.</param>
    /// <exception cref="CliException">There is no repository here, or the server does not start.</exception>
    public async Task<int> AddAsync(string? name, string remote, CancellationToken cancellationToken)
    {
        var repository = await UserRepository.FindAsync(_git, host.WorkingDirectory, cancellationToken) ?? throw new CliException(
            $"{host.WorkingDirectory} is in no Git repository.", "Make it one: git init && git add . && git commit -m 'First'", ExitCode.Usage);
        var settings = host.LoadSettings();
        var paths = settings.Paths;
        using var server = await new ServerLauncher(host, settings).EnsureAsync(cancellationToken);
        var origin = await repository.OriginAsync(_git, cancellationToken);
        var made = await server.Client.PutRepositoryAsync(
            name ?? NameOf(repository.Top), new PutRepository(string.IsNullOrEmpty(origin) ? null : origin), cancellationToken);
        await SetAsync(repository.Top, remote, made.Url, paths, cancellationToken);
        var branch = await BranchAsync(repository.Top, cancellationToken);
        host.Out.WriteLine($"{remote} is {made.Url}");
        host.Out.WriteLine($"Deploy with: git push {remote} {branch}");
        return ExitCode.Ok;
    }

    private async Task SetAsync(string top, string remote, string url, PlatformPaths paths, CancellationToken cancellationToken)
    {
        if ((await _git.TryRunAsync(top, ["remote", "set-url", "--", remote, url], cancellationToken: cancellationToken)).Succeeded is false)
            await RunAsync(top, ["remote", "add", "--", remote, url], cancellationToken);
        var helper = $"credential.{new Uri(url).GetLeftPart(UriPartial.Authority)}.helper";
        // The empty one first: no other helper of the user's is asked, or told to keep the key.
        await RunAsync(top, ["config", "--local", "--replace-all", helper, ""], cancellationToken);
        await RunAsync(top, ["config", "--local", "--add", helper, Helper(paths.ApiKey)], cancellationToken);
    }

    /// <summary>Reads the key when it is needed: the repository's configuration holds no secret.</summary>
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

    private async Task<string> BranchAsync(string top, CancellationToken cancellationToken)
    {
        var result = await _git.TryRunAsync(top, ["symbolic-ref", "--short", "-q", "HEAD"], cancellationToken: cancellationToken);
        return result.Succeeded ? result.Output.Trim() : "HEAD:main";
    }

    /// <summary>A name that the platform takes, made of the directory's.</summary>
    private static string NameOf(string top)
    {
        var letters = Path.GetFileName(Path.TrimEndingDirectorySeparator(top)).ToLowerInvariant()
            .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-').ToArray();
        var name = new string(letters).Trim('-', '_');
        return name.Length is > 0 and <= 63 ? name : "app";
    }
}
