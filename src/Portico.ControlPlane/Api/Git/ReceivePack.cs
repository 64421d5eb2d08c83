using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Api.Git;

/// <summary>Lets Git take in a push. What Git answers goes on to the client, except for its end: more is said before that.</summary>
/// <remarks>
/// <code>
/// client ── commands, pack ──► git receive-pack ── report in band 1, messages in band 2 ──► client
///                                                   (held back: 0000)  then our own messages, then 0000
/// </code>
/// Once Git has all that was sent, it is not disturbed any more, whether or not the client is still there.
/// </remarks>
public sealed class ReceivePack(SourceStore store, PlatformSettings settings)
{
    private const string TooLarge = "pack exceeds maximum allowed size", Missing = "missing necessary objects";

    /// <summary>Oddities that old tools left in the history of well-known repositories, and that do no harm.</summary>
    private static readonly string[] Tolerated =
        ["zeroPaddedFilemode", "missingSpaceBeforeDate", "badTimezone", "missingNameBeforeEmail", "badParentSha1", "nullSha1", "missingSpaceBeforeEmail"];

    /// <param name="body">What follows after the commands.</param>
    internal async Task RunAsync(string repository, PushCommands commands, Stream body, HttpResponse response, CancellationToken aborted)
    {
        var path = store.PathOf(repository);
        using var git = GitCommand.Start(path, [.. Configuration(), "receive-pack", "--stateless-rpc", path]);
        var error = git.StandardError.ReadToEndAsync(CancellationToken.None);
        var fed = FeedAsync(git, commands, body, aborted);
        var refused = await AnswerAsync(git, commands.HasSideBand, response);
        await fed;
        await git.WaitForExitAsync(CancellationToken.None);
        // Before it sends much, a client asks with nothing whether it may, and nothing is the answer.
        if (git.ExitCode != 0 && !response.HasStarted)
            throw new GitException($"git receive-pack ended with code {git.ExitCode}: {(await error).Trim()}");
        var isShallow = ShallowHistory.IsIn(path);
        await ShallowHistory.MendAsync(path, CancellationToken.None);
        if (refused == TooLarge)
            await ExplainSizeAsync(new SideBand(response.Body));
        else if (refused == Missing && isShallow)
            await ExplainShallowAsync(new SideBand(response.Body), commands);
        else if (commands is { IsShallow: true, HasSideBand: true } && commands.Updates.Any(update => update.IsNew && !update.IsDeletion))
            await ForetellShallowAsync(new SideBand(response.Body));
    }

    /// <returns>Which of the reasons that are explained was given; null when none was, or nobody would see it.</returns>
    private static async Task<string?> AnswerAsync(Process git, bool hasSideBand, HttpResponse response)
    {
        var answer = git.StandardOutput.BaseStream;
        if (!hasSideBand)
        {
            await answer.CopyToAsync(response.Body, CancellationToken.None);
            return null;
        }
        var (reader, refused) = (new PacketReader(answer), (string?)null);
        while (await reader.ReadAsync(CancellationToken.None) is { } packet)
        {
            if (PacketReader.IsFlush(packet))
                continue;
            refused ??= ReasonIn(System.Text.Encoding.UTF8.GetString(packet.Span));
            // Who is gone is written to in vain, and Git goes on.
            await response.Body.WriteAsync(packet, CancellationToken.None);
            await response.Body.FlushAsync(CancellationToken.None);
        }
        return refused;
    }

    private static string? ReasonIn(string text) => Array.Find([TooLarge, Missing], reason => text.Contains(reason, StringComparison.Ordinal));

    private static async Task FeedAsync(Process git, PushCommands commands, Stream body, CancellationToken aborted)
    {
        var input = git.StandardInput.BaseStream;
        try
        {
            await input.WriteAsync(commands.Sent, aborted);
            await body.CopyToAsync(input, aborted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidDataException)
        {
            // Git has ended, or the client is gone: what is missing makes Git refuse all of it.
        }
        try
        {
            git.StandardInput.Close();
            // A client reads the answer only when it has sent everything.
            await body.CopyToAsync(Stream.Null, aborted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidDataException)
        {
            // Nothing more comes.
        }
    }

    private async Task ExplainSizeAsync(SideBand band)
    {
        await band.SayAsync($"==> This push is larger than the {settings.GitPushBytes >> 20} MB that are taken. Nothing of it was kept.", CancellationToken.None);
        await band.SayAsync("    Take large files out of the commits (git rebase -i, git filter-repo) or keep them on a disk of the service, or elsewhere;", CancellationToken.None);
        await band.SayAsync("    who operates this platform may allow more with PORTICO_GIT_PUSH_MEGABYTES.", CancellationToken.None);
    }

    private static async Task ExplainShallowAsync(SideBand band, PushCommands commands)
    {
        var branch = commands.Updates.Count > 0 ? commands.Updates[0].Branch : "main";
        await band.SayAsync("==> Only a part of the history is here, from a push of a shallow clone, and this commit is not in it.", CancellationToken.None);
        await band.SayAsync($"    Delete the branch here and push all of it: git push REMOTE :{branch} && git push REMOTE {branch}. What is live stays.", CancellationToken.None);
    }

    /// <summary>The client itself refuses the next one, before anything is sent: it does not have what is here, and so cannot tell what follows it.</summary>
    private static async Task ForetellShallowAsync(SideBand band)
    {
        await band.SayAsync("==> This clone has a part of the history. Your Git pushes the next commit if the clone has this one too (a CI's fetch-depth: 0),", CancellationToken.None);
        await band.SayAsync("    or with --force; otherwise it says 'fetch first' by itself.", CancellationToken.None);
    }

    private IEnumerable<string> Configuration()
    {
        string[] set =
        [
            "transfer.hideRefs=refs/portico", "receive.fsckObjects=true", $"receive.maxInputSize={settings.GitPushBytes}",
            // A machine that runs tests has often cloned no more than the newest commit.
            "receive.shallowUpdate=true", "receive.autogc=false", "receive.advertisePushOptions=false", "receive.denyDeleteCurrent=ignore",
            .. Tolerated.Select(name => $"receive.fsck.{name}=ignore"),
        ];
        return set.SelectMany(item => new[] { "-c", item });
    }
}
