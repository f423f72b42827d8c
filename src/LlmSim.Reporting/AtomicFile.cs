using LlmSim.Specs;

namespace LlmSim.Reporting;

/// <summary>
/// An output file that appears whole or not at all: written beside its target and renamed by <see cref="Commit"/>. Until
/// then, and when anything fails, an older file of that name stays as it is.
/// </summary>
/// <remarks>
/// <c>-</c> is standard output. Devices and pipes (<c>/dev/…</c>) cannot be renamed over and are written directly; a
/// symbolic link is followed.
/// </remarks>
public sealed class AtomicFile : Stream
{
    private readonly string _path;
    private readonly string _field;
    private readonly Stream _stream;
    private readonly string? _target;
    private readonly string? _temporary;
    private bool _committed;

    private AtomicFile(string path, string field, Stream stream, string? target, string? temporary)
    {
        _path = path;
        _field = field;
        _stream = stream;
        _target = target;
        _temporary = temporary;
    }

    /// <summary>Opens a file for writing.</summary>
    /// <param name="path">Path of the file; <c>-</c> for standard output.</param>
    /// <param name="field">The flag or field that named it, for messages.</param>
    /// <exception cref="ConfigException">It cannot be written.</exception>
    public static AtomicFile Create(string path, string field)
    {
        if (path == "-")
        {
            return new AtomicFile(path, field, Console.OpenStandardOutput(), target: null, temporary: null);
        }

        try
        {
            if (Directory.Exists(path))
            {
                throw new IOException("it is a directory");
            }

            var info = new FileInfo(path);
            string target = (info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true)!).FullName;
            if (OpenInPlace(path, target) is { } device)
            {
                return new AtomicFile(path, field, device, target: null, temporary: null);
            }

            string temporary = $"{target}.{Environment.ProcessId}.tmp";
            return new AtomicFile(path, field, new FileStream(temporary, FileMode.Create, FileAccess.Write), target, temporary);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Problem(path, field, exception);
        }
    }

    /// <summary>Writes a whole file at once.</summary>
    /// <param name="path">Path of the file; <c>-</c> for standard output.</param>
    /// <param name="field">The flag or field that named it, for messages.</param>
    /// <param name="content">What the file holds.</param>
    /// <exception cref="ConfigException">It cannot be written.</exception>
    public static void WriteAll(string path, string field, ReadOnlySpan<byte> content)
    {
        using AtomicFile file = Create(path, field);
        file.Write(content);
        file.Commit();
    }

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => !_committed;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes bytes at the end.</summary>
    /// <exception cref="ConfigException">They cannot be written, for example because the disk is full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _stream.Write(buffer);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Problem(_path, _field, exception);
        }
    }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override void Flush()
    {
        // What matters is that the file is whole when it appears: see Commit.
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Puts the file in its place. Nothing can be written after.</summary>
    /// <exception cref="ConfigException">It cannot be put there.</exception>
    public void Commit()
    {
        try
        {
            _stream.Flush();
            _stream.Dispose();
            if (_temporary is not null)
            {
                File.Move(_temporary, _target!, overwrite: true);
            }

            _committed = true;
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Problem(_path, _field, exception);
        }
    }

    /// <summary>Closes the file; without <see cref="Commit"/> before, nothing of it remains.</summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (_committed)
        {
            return;
        }

        _committed = true;
        try
        {
            _stream.Dispose();
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            // What could not be flushed is about to be deleted.
        }

        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    /// <summary>Opens what cannot be renamed over; fails where an existing file may not be written; null for a plain file.</summary>
    private static FileStream? OpenInPlace(string path, string target)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return new FileStream(path, FileMode.Open, FileAccess.Write);
        }

        if (!File.Exists(target))
        {
            return null;
        }

        var existing = new FileStream(target, FileMode.Open, FileAccess.Write);
        if (!existing.CanSeek)
        {
            return existing;
        }

        existing.Dispose();
        return null;
    }

    private static bool IsFileError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    private static ConfigException Problem(string path, string field, Exception exception)
    {
        string reason = exception switch
        {
            DirectoryNotFoundException => "its folder does not exist",
            UnauthorizedAccessException => "permission denied",
            _ => exception.Message.TrimEnd('.'),
        };
        return new ConfigException(new ConfigProblem(
            field, path.Length == 0 ? "an empty path" : path, $"a file that can be written; here: {reason}",
            "Give a path in an existing folder that you may write to, or - for standard output."));
    }
}
