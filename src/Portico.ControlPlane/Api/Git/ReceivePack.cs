using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Sources;
using Portico.Hosting;

namespace Portico.ControlPlane.Api.Git;

/// <summary>Passes a push to Git, and Git's response to the client. Messages of the platform are inserted before its end.</summary>
/// <remarks>
/// <code>
/// client ── commands, pack ──► git receive-pack ── report in band 1, messages in band 2 ──► client
///                                                   (held back: 0000)  then our own messages, then 0000
/// </code>
/// Once Git has received everything, it is not interrupted, even if the client disconnects.
/// </remarks>
internal sealed class ReceivePack(SourceStore store, DiskReserve reserve, PlatformSettings settings)
{
    private const string TooLarge = "pack exceeds maximum allowed size", Missing = "missing necessary objects", MemoryUsedUp = "out of memory";

    /// <summary>Irregularities in the history of well-known repositories that old tools left and that do no harm.</summary>
    private static readonly string[] Tolerated =
        ["zeroPaddedFilemode", "missingSpaceBeforeDate", "badTimezone", "missingNameBeforeEmail", "badParentSha1", "nullSha1", "missingSpaceBeforeEmail"];

    /// <param name="body">The rest of the body after the commands.</param>
    internal async Task RunAsync(string repository, PushCommands commands, Stream body, HttpResponse response, CancellationToken aborted)
    {
        var path = store.GitOf(repository);
        using var git = GitCommand.Start(path, [.. Configuration(), "receive-pack", "--stateless-rpc", path.Path]);
        var error = git.StandardError.ReadToEndAsync(CancellationToken.None);
        var fed = FeedAsync(git, commands, body, aborted);
        var refused = await AnswerAsync(git, commands.HasSideBand, response);
        var unfit = await fed;
        await git.WaitForExitAsync(CancellationToken.None);
        // Before it sends much, a client asks with nothing whether it may, and nothing is the answer.
        if (git.ExitCode != 0 && !response.HasStarted)
            throw new GitException($"git receive-pack ended with code {git.ExitCode}: {(await error).Trim()}");
        var isShallow = ShallowHistory.IsIn(path);
        await ShallowHistory.MendAsync(path, CancellationToken.None);
        if (unfit is not null && commands.HasSideBand)
            await new SideBand(response.Body).SayAsync($"==> Nothing was stored. {unfit}", CancellationToken.None);
        else if (refused == TooLarge)
            await ExplainSizeAsync(new SideBand(response.Body));
        else if (refused == MemoryUsedUp)
            await new SideBand(response.Body).SayAsync($"==> {GitMemory.Explanation}", CancellationToken.None);
        else if (refused == Missing && isShallow)
            await ExplainShallowAsync(new SideBand(response.Body), commands);
        else if (commands is { IsShallow: true, HasSideBand: true } && commands.Updates.Any(update => update.IsNew && !update.IsDeletion))
            await ForetellShallowAsync(new SideBand(response.Body));
    }

    /// <returns>The reason for a rejection, if it is one that can be explained to the client; otherwise null.</returns>
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

    private static string? ReasonIn(string text) =>
        GitMemory.IsUsedUp(text) ? MemoryUsedUp : Array.Find([TooLarge, Missing], reason => text.Contains(reason, StringComparison.Ordinal));

    private async Task<string?> FeedAsync(Process git, PushCommands commands, Stream body, CancellationToken aborted)
    {
        var (input, unfit) = (git.StandardInput.BaseStream, (string?)null);
        try
        {
            await input.WriteAsync(commands.Sent, aborted);
            await CopyAsync(body, input, aborted);
        }
        catch (DiskReserveException exception)
        {
            unfit = exception.Message;
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
        return unfit;
    }

    private async Task CopyAsync(Stream body, Stream input, CancellationToken aborted)
    {
        var (writing, buffer) = (new CountedWriting(reserve), new byte[81920]);
        while (await body.ReadAsync(buffer, aborted) is > 0 and var read)
        {
            writing.Count(read);
            await input.WriteAsync(buffer.AsMemory(0, read), aborted);
        }
    }

    private async Task ExplainSizeAsync(SideBand band)
    {
        await band.SayAsync($"==> This push is larger than the limit of {settings.GitPushBytes >> 20} MB. Nothing was stored.", CancellationToken.None);
        await band.SayAsync("    Remove large files from the commits (git rebase -i, git filter-repo) or keep them on a disk of the service or elsewhere.", CancellationToken.None);
        await band.SayAsync("    The operator of this platform can raise the limit with PORTICO_GIT_PUSH_MEGABYTES.", CancellationToken.None);
    }

    private static async Task ExplainShallowAsync(SideBand band, PushCommands commands)
    {
        var branch = commands.Updates.Count > 0 ? commands.Updates[0].Branch : "main";
        await band.SayAsync("==> The repository here has only part of the history, from a push of a shallow clone, and this commit is not in it.", CancellationToken.None);
        await band.SayAsync($"    Delete the branch here and push it in full: git push REMOTE :{branch} && git push REMOTE {branch}. Running services are not affected.", CancellationToken.None);
    }

    /// <summary>
    /// Warns about the next push: Git on the client would refuse it because a shallow clone cannot tell whether it is a
    /// fast-forward.
    /// </summary>
    private static async Task ForetellShallowAsync(SideBand band)
    {
        await band.SayAsync("==> This is a shallow clone. Your Git can push the next commit if the clone contains this one too (fetch-depth: 0 in CI),", CancellationToken.None);
        await band.SayAsync("    or with --force; otherwise it reports 'fetch first'.", CancellationToken.None);
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
