using System.Net.Sockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>Serves the sessions of SSH clients that sshd has authenticated. Whether a user may operate the service is decided here.</summary>
internal sealed partial class SshListener(
    IDbContextFactory<PorticoDb> databases, SshKeys keys, EphemeralShells ephemeral, ShellTargets targets, ShellSessions sessions, ILogger<SshListener> logger)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>Accepts connections until it is canceled.</summary>
    public async Task ListenAsync(Socket socket, CancellationToken cancellationToken)
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var accepted = await socket.AcceptAsync(cancellationToken);
                serving.RemoveAll(task => task.IsCompleted);
                serving.Add(ServeAsync(accepted, cancellationToken));
            }
        }
        finally
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var client = new SshClient(stream);
        try
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            silence.CancelAfter(LongestSilence);
            if (await SshFrames.ReadAsync(stream, silence.Token) is (SshFrames.Hello, var content) && JsonSerializer.Deserialize(content, PlatformJson.Default.SshHello) is { } hello)
                await ServeAsync(hello, client, cancellationToken);
        }
        catch (RefusedException refused)
        {
            await client.EndAsync(new ShellResult(null, refused.Message), cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or JsonException)
        {
            // The client is gone, or the server stops.
        }
        catch (Exception e)
        {
            LogFailed(e);
            await client.EndAsync(new ShellResult(null, "The session failed because of an error inside Portico."), cancellationToken);
        }
    }

    private async Task ServeAsync(SshHello hello, SshClient client, CancellationToken cancellationToken)
    {
        var (key, caller, target) = await FindAsync(hello, cancellationToken);
        using var place = sessions.Reserve(caller, target);
        var request = new AttachRequest
        {
            Line = hello.Line,
            Terminal = hello.Terminal is { } terminal ? new TerminalRequest(terminal.Kind, new TerminalSize((ushort)terminal.Columns, (ushort)terminal.Rows)) : null,
        };
        await sessions.RunAsync(target, request, caller, token => keys.CallerOfAsync(key, token), client, $"ssh {hello.Name}", cancellationToken);
    }

    /// <summary>Finds the one of a key's users who may operate the service.</summary>
    /// <exception cref="RefusedException">There is none; the message is for the first of them.</exception>
    private async Task<(string Key, Caller Caller, ShellTarget Target)> FindAsync(SshHello hello, CancellationToken cancellationToken)
    {
        RefusedException? refused = null;
        foreach (var key in hello.Keys)
            try
            {
                if (await keys.CallerOfAsync(key, cancellationToken) is { } caller)
                    return (key, caller, await TargetAsync(SshName.Parse(hello.Name), caller.For(Permission.Operate), cancellationToken));
            }
            catch (RefusedException e)
            {
                refused ??= e;
            }
        throw refused ?? Refusal.Forbidden("This SSH key is not valid any more.");
    }

    private async Task<ShellTarget> TargetAsync(SshName name, Caller caller, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, name.Service, cancellationToken);
        if (name.Shell is not { } shell)
            return targets.InInstance(service, name.Instance);
        return ephemeral.TryTake(shell, service.Id, caller.UserId, out var limits)
            ? ShellTargets.OfItsOwn(service, limits)
            : throw Refusal.NotFound("shell", shell);
    }

    [LoggerMessage(EventName = "SshSessionFailed", Level = LogLevel.Error, Message = "A session of an SSH client failed because of an error inside Portico.")]
    private partial void LogFailed(Exception exception);
}
