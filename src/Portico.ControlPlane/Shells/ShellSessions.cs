using Microsoft.Extensions.Hosting;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Shells;

/// <summary>Runs sessions: a command in a sandbox, connected to a client, for as long as its user may operate the service.</summary>
internal sealed class ShellSessions(
    IEngine engine, HeldSandboxes sandboxes, ShellLimits limits, ShellAccess access, ShellAudit audit, PlatformSettings settings, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Takes a place. Call it before the client is connected, so that it receives a refusal.</summary>
    /// <exception cref="RefusedException">There are too many sessions, or this engine has none.</exception>
    public IDisposable Reserve(Caller caller, ShellTarget target) => engine.Capabilities.AttachRestriction is { } restriction
        ? throw Refusal.Conflict(restriction)
        : limits.Open(caller, target.Service);

    /// <summary>Runs a session to its end, and tells the client how it ended.</summary>
    /// <param name="request">What to run; the target is added.</param>
    /// <param name="present">Returns the user of the key as they are now; null if the key is not valid any more.</param>
    /// <param name="path">How the client asked for it, for the audit log.</param>
    public async Task RunAsync(
        ShellTarget target, AttachRequest request, Caller caller, Func<CancellationToken, Task<Caller?>> present, IShellClient client, string path, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await audit.WriteAsync(ShellAudit.Began, caller, target, path);
        RunId? held = null;
        try
        {
            held = target.Instance is null ? await sandboxes.StartAsync(target, ending.Token) : null;
            await using var command = await engine.AttachAsync(request with { Instance = target.Instance, Run = held }, ending.Token);
            var result = await CarryAsync(target, command, present, client, ending);
            await client.EndAsync(result, cancellationToken);
        }
        catch (Exception e) when (e is AttachException or RefusedException)
        {
            await client.EndAsync(new ShellResult(null, e.Message), cancellationToken);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client is gone, or the server stops.
        }
        finally
        {
            if (held is { } id)
                await sandboxes.EndAsync(id);
            await audit.WriteAsync(ShellAudit.Ended, caller, target, path);
        }
    }

    private async Task<ShellResult> CarryAsync(
        ShellTarget target, IAttachedCommand command, Func<CancellationToken, Task<Caller?>> present, IShellClient client, CancellationTokenSource ending)
    {
        var activity = new Activity(time);
        using var carrying = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        var token = carrying.Token;
        var output = PrintAsync(command, client, activity, token);
        var input = PassAsync(command, client, activity, token);
        var lost = access.LostAsync(target.Service, present, token);
        var idle = IdleAsync(activity, token);
        var first = await Task.WhenAny(output, input, lost, idle);
        await carrying.CancelAsync();
        await Task.WhenAll(output, input, lost, idle).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ending.IsCancellationRequested)
            return new ShellResult(null, "The server is stopping.");
        if (first == idle)
            return new ShellResult(null, $"Closed after {settings.ShellIdle.TotalMinutes:0} minutes without input and output.");
        if (first == lost)
            return new ShellResult(null, "The key is revoked or expired, or its user may not operate this service any more.");
        return first == output && await output is { } code
            ? new ShellResult(code, null)
            : new ShellResult(null, "The command ended with its sandbox, or the connection was closed.");
    }

    /// <returns>The exit code; null if there was none.</returns>
    private static async Task<int?> PrintAsync(IAttachedCommand command, IShellClient client, Activity activity, CancellationToken cancellationToken)
    {
        await foreach (var item in command.ReadAsync(cancellationToken))
        {
            activity.Note();
            if (item is AttachedOutput.Exited exited)
                return exited.Code;
            await client.WriteAsync((AttachedOutput.Bytes)item, cancellationToken);
        }
        return null;
    }

    private static async Task PassAsync(IAttachedCommand command, IShellClient client, Activity activity, CancellationToken cancellationToken)
    {
        await foreach (var item in client.ReadAsync(cancellationToken))
        {
            activity.Note();
            await (item switch
            {
                ShellInput.Bytes bytes => command.WriteAsync(bytes.Content, cancellationToken),
                ShellInput.Resize resize => command.ResizeAsync(resize.Size, cancellationToken),
                _ => command.EndInputAsync(cancellationToken),
            });
        }
    }

    private async Task IdleAsync(Activity activity, CancellationToken cancellationToken)
    {
        while (settings.ShellIdle - activity.Since is var left && left > TimeSpan.Zero)
            await Task.Delay(left, time, cancellationToken);
    }

    /// <summary>When a session last carried something.</summary>
    private sealed class Activity(TimeProvider time)
    {
        private long _last = time.GetTimestamp();

        public TimeSpan Since => time.GetElapsedTime(Interlocked.Read(ref _last));

        public void Note() => Interlocked.Exchange(ref _last, time.GetTimestamp());
    }
}
