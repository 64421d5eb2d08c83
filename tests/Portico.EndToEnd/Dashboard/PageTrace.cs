using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace Portico.EndToEnd.Dashboard;

/// <summary>Records what a page does, so that a test that waits in vain can say why.</summary>
internal sealed class PageTrace
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _events = new();
    private readonly long _started = Stopwatch.GetTimestamp();

    public PageTrace(IPage page)
    {
        _page = page;
        page.Console += (_, message) => Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Add($"error: {error}");
        page.RequestFailed += (_, request) => Add($"{request.Method} {request.Url}: {request.Failure}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                Add($"{response.Request.Method} {response.Url}: {response.Status}");
        };
        page.WebSocket += (_, socket) =>
        {
            Add($"websocket {socket.Url} opens");
            socket.Close += (_, _) => Add($"websocket {socket.Url} is closed");
            socket.SocketError += (_, error) => Add($"websocket {socket.Url}: {error}");
        };
    }

    /// <summary>Waits until something is visible. Otherwise it fails with the page and what happened.</summary>
    public async Task SeesAsync(ILocator what)
    {
        try
        {
            await what.WaitForAsync();
        }
        catch (TimeoutException exception)
        {
            Assert.Fail($"{exception.Message}\nThe page is {_page.Url} and shows:\n{await _page.Locator("body").InnerTextAsync()}\nWhat happened:\n{string.Join('\n', _events)}");
        }
    }

    private void Add(string text) => _events.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds:0.000} s {text}"));
}
