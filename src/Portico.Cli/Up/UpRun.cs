using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Planning;
using Portico.Cli.Autostart;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Cli.Sources;

namespace Portico.Cli.Up;

/// <summary>
/// One <c>portico up</c>: check the file → start the server → snapshot and upload the source → apply → watch.
/// After "apply", the server does the work, whether or not this command still runs.
/// </summary>
internal sealed class UpRun(CliHost host, UpOptions options)
{
    private readonly PlatformSettings _settings = host.LoadSettings();
    private readonly Dictionary<string, string> _values = GivenValues.Parse(options.Values);

    private readonly HashSet<(int, int, string)> _shown = [];

    // From the moment of the request, the server continues without this command.
    private bool _mayHaveApplied;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var proposed = ProposedFile.Find(host, options.Path);
        var file = proposed?.File ?? BlueprintFile.Find(host, options.Path, orExample: true);
        SetNames.Check(file, _values.Keys);
        try
        {
            // The server checks the file anyway. Before the first apply, nothing exists that the file could refer to, so
            // it can be checked here as well, and faster.
            var launcher = new ServerLauncher(host, _settings);
            var running = await new ServerUpgrade(host, launcher).RunAsync(await launcher.RunningAsync(cancellationToken), cancellationToken);
            if (running is null && !File.Exists(_settings.Paths.Database) && LocalCheck.ReportsErrors(host, file))
                return ExitCode.Usage;
            var starting = running is null ? launcher.StartAsync(cancellationToken) : Task.FromResult(running);
            await AllowAsync(file, starting);
            if (proposed is not null && !await AgreeAsync(proposed, starting, cancellationToken))
                return ExitCode.Usage;
            using var server = await PrepareAsync(file, starting, cancellationToken);
            var result = await ApplyAsync(server.Connection, file, server.Snapshot, cancellationToken);
            if (result is not { Applied: true })
                return ExitCode.Usage;
            return await FinishAsync(server.Connection, result, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            host.Error.WriteLine();
            host.Error.WriteLine(_mayHaveApplied
                ? "Interrupted. Deploys in progress continue: `portico status` shows them; `portico down` stops everything."
                : "Interrupted. Nothing was changed.");
            return ExitCode.Interrupted;
        }
    }

    /// <summary>
    /// Refuses to deploy the example, which the user did not name, onto a platform that has something else. In the installation's own
    /// directory it may be applied again.
    /// </summary>
    /// <exception cref="CliException">The platform has something.</exception>
    private async Task AllowAsync(BlueprintFile file, Task<ServerConnection> starting)
    {
        if (!file.IsExample)
            return;
        var server = await starting;
        if (server.Status.Resources.Count > 0 && !(IsAtHome() && IsOnlyOf(file, server.Status)))
        {
            server.Dispose();
            throw BlueprintFile.Missing(host.WorkingDirectory);
        }
        host.Error.WriteLine(host.ErrorStyle.Dim($"There is no render.yaml here. Using the example app in {file.Directory}."));
    }

    private async Task<bool> AgreeAsync(ProposedFile proposed, Task<ServerConnection> starting, CancellationToken cancellationToken)
    {
        var isAgreed = false;
        try
        {
            isAgreed = await proposed.AgreeAsync(host, options, starting, cancellationToken);
        }
        finally
        {
            if (!isAgreed && starting.IsCompletedSuccessfully)
                (await starting).Dispose();
        }
        if (!isAgreed)
            host.Error.WriteLine("Nothing was changed.");
        return isAgreed;
    }

    private bool IsAtHome() => host.Variable("PORTICO_ROOT") is { } root && host.Absolute(root) == Path.GetFullPath(host.WorkingDirectory);

    private static bool IsOnlyOf(BlueprintFile file, PlatformStatus status) =>
        BlueprintParser.Parse(file.Text).File is { } example
        && status.Resources.All(item => LeftOut.Names(example).Any(name => name.Name == item.Name));

    private sealed record Prepared(ServerConnection Connection, SourceSnapshot Snapshot) : IDisposable
    {
        public void Dispose() => Connection.Dispose();
    }

    private async Task<Prepared> PrepareAsync(
        BlueprintFile file, Task<ServerConnection> starting, CancellationToken cancellationToken)
    {
        var snapshotter = new Snapshotter(new Git(host.Variables), _settings.Paths, host.Time);
        var taking = snapshotter.TakeAsync(file.Directory, cancellationToken);
        await Task.WhenAll(starting, taking);
        var (connection, snapshot) = (await starting, await taking);
        if (!await connection.Client.HasSourceAsync(snapshot.Commit, cancellationToken))
            await snapshotter.UploadAsync(connection.Client, file.Directory, snapshot.Commit, cancellationToken);
        return new Prepared(connection, snapshot);
    }

    private async Task<BlueprintResult> ApplyAsync(
        ServerConnection server, BlueprintFile file, SourceSnapshot snapshot, CancellationToken cancellationToken)
    {
        var request = new ApplyBlueprint
        {
            Blueprint = file.Text,
            FileName = file.SentName,
            Commit = snapshot.Commit,
            Origin = snapshot.Origin,
            Branch = snapshot.Branch,
            Directory = file.Directory,
            Skip = options.Skip,
            Values = _values,
        };
        var result = await SendAsync(server, request, cancellationToken);
        if (!result.Applied && result.LeftOut.Any(item => !item.Skipped) && !HasErrors(result))
        {
            Show(file, result);
            if (await SkippedResources.AskAsync(host, !options.NoInput, result, cancellationToken) is not { } agreed)
                return Refuse(file, result);
            request = request with { Skip = [.. options.Skip, .. agreed] };
            result = await SendAsync(server, request, cancellationToken);
        }
        if (!result.Applied && result.RequiredValues.Count > 0 && !HasErrors(result))
        {
            await GivenValues.AskAsync(host, !options.NoInput, result.RequiredValues, _values, cancellationToken);
            result = await SendAsync(server, request, cancellationToken);
        }
        Show(file, result);
        return result.Applied ? result : Refuse(file, result);
    }

    private async Task<BlueprintResult> SendAsync(ServerConnection server, ApplyBlueprint request, CancellationToken cancellationToken)
    {
        _mayHaveApplied = true;
        var result = await server.Client.ApplyAsync(request, cancellationToken);
        _mayHaveApplied = result.Applied;
        return result;
    }

    /// <summary>Shows each diagnostic once, also when the file is sent a second time.</summary>
    private void Show(BlueprintFile file, BlueprintResult result) => new DiagnosticText(host.ErrorStyle, file.ShownPath, file.Text)
        .Write(host.Error, [.. result.Diagnostics.Where(item => _shown.Add((item.Line, item.Column, item.Path)))]);

    private BlueprintResult Refuse(BlueprintFile file, BlueprintResult result)
    {
        ErrorReport.Write(host, $"{file.ShownPath} was not applied. Nothing was changed.", null, []);
        return result;
    }

    private async Task<int> FinishAsync(ServerConnection server, BlueprintResult result, CancellationToken cancellationToken)
    {
        var isNothing = PlanSummary.IsNothing(result);
        if (!isNothing)
            PlanSummary.WriteChanges(host.Out, host.OutStyle, result);
        var watch = new ProgressWatch(host.Time, server.Client.GetStatusAsync, BlueprintNames.ToWatch(result), Outcome.Of);
        IProgressView view = host.CanDraw ? new LiveProgress(host.Out, host.OutStyle.Enabled) : new PlainProgress(host.Out);
        var resources = await view.ShowAsync(show => watch.RunAsync(show, cancellationToken));
        var status = await server.Client.GetStatusAsync(cancellationToken);
        SkippedResources.Write(host, result.LeftOut.Select(item => (item.Name, item.Reason)));
        var code = UpSummary.Write(
            host, status, resources, isNothing ? "Everything is up to date." : "Everything is live.");
        await WriteDashboardAsync(server, cancellationToken);
        if (code == ExitCode.Ok)
            AutostartHint.Write(host, _settings.Paths);
        if (code == ExitCode.Ok && !options.Detach && host.OutIsTerminal)
            await new LogFollower(host, server.Client).RunAsync(resources, cancellationToken);
        return code;
    }

    /// <summary>Prints the way to the dashboard. What is not a terminal may be a log that others read, so it gets no link that signs in.</summary>
    private async Task WriteDashboardAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        if (!DashboardBuild.Exists(host))
            host.Error.WriteLine($"{host.ErrorStyle.Yellow("warning:")} The dashboard is not built. {DashboardBuild.Advice}");
        else if (host.OutIsTerminal && await LinkAsync(server, cancellationToken) is { } link)
            host.Out.WriteLine($"Dashboard: {link} (works once, within 15 minutes)");
        else
            host.Out.WriteLine($"Dashboard: {_settings.PlatformUrl} (`portico dashboard` signs you in)");
    }

    /// <returns>Null if the server makes none. That is no failure of the command.</returns>
    private static async Task<string?> LinkAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        try
        {
            return (await server.Client.CreateLoginLinkAsync(cancellationToken)).Url;
        }
        catch (Exception exception) when (exception is PlatformException or HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Whether something refuses the whole file. What cannot run here can be skipped.</summary>
    private static bool HasErrors(BlueprintResult result) =>
        result.Diagnostics.Any(item => item.Severity == "error" && item.Code is not (Codes.EngineCannot or Codes.NotSupported));
}
