using System.Globalization;
using Portico.Edge.Hosting;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;

namespace Portico.Edge.Sites;

/// <summary>Sends a file of a site.</summary>
internal sealed class SiteResponder
{
    /// <summary>The same as Render's: browsers revalidate each time, and shared caches may keep the file for five minutes.</summary>
    private const string DefaultCacheControl = "public, max-age=0, s-maxage=300";

    private readonly ContentCache _cache = new();

    /// <param name="path">The request's path, which header rules match. A status other than 200 is already set.</param>
    public Task SendAsync(EdgeContext context, Site site, SiteEntry entry, string path)
    {
        var http = context.Http;
        var request = http.Request.Headers;
        var response = http.Response;
        var range = request.Range;
        var isOk = response.StatusCode == StatusCodes.Status200OK;
        var variant = isOk && range.Count > 0
            ? entry.Identity
            : AcceptEncoding.Choose(entry, request.AcceptEncoding);
        SetHeaders(context, site, entry, variant, path);
        if (isOk && ConditionalRequest.IsNotModified(request, entry, variant))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ContentType = default;
            return Task.CompletedTask;
        }
        if (isOk && range.Count == 1 && ConditionalRequest.AllowsRange(request, entry, variant)
            && ByteRange.Parse(range[0]!, variant.Length) is { } part)
            return SendPartAsync(context, variant, part);
        response.ContentLength = variant.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : WriteAsync(context, variant, 0, variant.Length);
    }

    public static void SetCommonHeaders(EdgeContext context, Site site, string path)
    {
        var headers = context.Http.Response.Headers;
        headers.CacheControl = DefaultCacheControl;
        headers[RequestId.HeaderName] = context.RequestId;
        foreach (var rule in site.Headers)
        {
            if (rule.Matches(path))
                rule.ApplyTo(headers);
        }
    }

    private static void SetHeaders(EdgeContext context, Site site, SiteEntry entry, SiteVariant variant, string path)
    {
        var headers = context.Http.Response.Headers;
        headers.ContentType = entry.ContentType;
        headers.ETag = variant.ETag;
        headers.LastModified = entry.LastModifiedText;
        headers.AcceptRanges = "bytes";
        if (entry.HasVariants)
            headers.Vary = "Accept-Encoding";
        if (variant.Encoding.Count > 0)
            headers.ContentEncoding = variant.Encoding;
        SetCommonHeaders(context, site, path);
    }

    private Task SendPartAsync(EdgeContext context, SiteVariant variant, ByteRange part)
    {
        var response = context.Http.Response;
        if (!part.Satisfiable)
        {
            response.Headers.ContentRange = $"bytes */{variant.Length}";
            return context.AnswerAsync(ErrorPages.RangeNotSatisfiable);
        }
        response.StatusCode = StatusCodes.Status206PartialContent;
        response.Headers.ContentRange =
            string.Create(CultureInfo.InvariantCulture, $"bytes {part.First}-{part.First + part.Length - 1}/{variant.Length}");
        response.ContentLength = part.Length;
        return HttpMethods.IsHead(context.Http.Request.Method)
            ? Task.CompletedTask
            : WriteAsync(context, variant, part.First, part.Length);
    }

    private Task WriteAsync(EdgeContext context, SiteVariant variant, long first, long length)
    {
        if (variant.Bytes is not { } bytes)
            return LoadAndWriteAsync(context, variant, first, length);
        var written = context.Http.Response.BodyWriter.WriteAsync(bytes.AsMemory((int)first, (int)length));
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    private async Task LoadAndWriteAsync(EdgeContext context, SiteVariant variant, long first, long length)
    {
        var http = context.Http;
        if (await _cache.GetAsync(variant, http.RequestAborted) is { } bytes)
            await http.Response.Body.WriteAsync(bytes.AsMemory((int)first, (int)length), http.RequestAborted);
        else
            await SendFileAsync(context, variant.File, first, length);
    }

    /// <summary>Counts the bytes, because a client may leave before the end of a large file.</summary>
    private static Task SendFileAsync(EdgeContext context, string file, long first, long length)
    {
        context.Bytes.CountResponse(context.Http);
        return context.Http.Response.SendFileAsync(file, first, length, context.Http.RequestAborted);
    }
}
