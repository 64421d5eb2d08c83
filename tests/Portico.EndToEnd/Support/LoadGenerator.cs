using System.Collections.Concurrent;
using System.Diagnostics;
using Portico.Testing;

namespace Portico.EndToEnd.Support;

/// <summary>Asks all the time over a fixed number of connections, and counts what fails.</summary>
internal sealed class LoadGenerator(HttpClient http, Func<long, HttpRequestMessage> requestOf)
{
    public const int Connections = 32;

    // A client that is refused does not come back at once; it would take the processor from the repair.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentQueue<string> _created = new();
    private volatile bool _enough;
    private long _started;
    private long _answered;

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>The bodies of answers with 201.</summary>
    public IReadOnlyCollection<string> Created => _created;

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Runs the load while the event happens, and until this many requests were answered.</summary>
    public async Task RunAcrossAsync(Func<Task> happening, long atLeast)
    {
        var workers = Enumerable.Range(0, Connections).Select(_ => WorkAsync()).ToArray();
        try
        {
            // Well under way before it happens, and well after.
            await AnsweredAsync(atLeast / 4);
            await happening();
            await AnsweredAsync(Math.Max(atLeast, Answered + (atLeast / 4)));
        }
        finally
        {
            _enough = true;
            await Task.WhenAll(workers);
        }
    }

    public void ShouldHaveNoFailure() =>
        Assert.True(_failures.IsEmpty, $"{_failures.Count} of {Answered + _failures.Count} requests failed: {string.Join("; ", _failures.Distinct().Take(5))}");

    private Task AnsweredAsync(long count) =>
        Eventually.TrueAsync(() => Task.FromResult(Answered + _failures.Count >= count), TimeSpan.FromMinutes(3), $"{count} requests done");

    private async Task WorkAsync()
    {
        while (!_enough)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                // Never cancelled: a request that was begun must be answered.
                using var request = requestOf(Interlocked.Increment(ref _started));
                using var response = await http.SendAsync(request, CancellationToken.None);
                var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
                Count(response, body);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                _failures.Enqueue($"{e.GetBaseException().Message} after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
                await Task.Delay(AfterFailure);
            }
        }
    }

    private void Count(HttpResponseMessage response, string body)
    {
        if (!response.IsSuccessStatusCode)
        {
            _failures.Enqueue($"{(int)response.StatusCode} {body[..Math.Min(body.Length, 100)]}");
            return;
        }
        if (response.StatusCode == System.Net.HttpStatusCode.Created)
            _created.Enqueue(body);
        Interlocked.Increment(ref _answered);
    }
}
