"""`capfd` and `capfdbinary`: what reaches the descriptors, from child processes as well."""

from small_projects import failing, written_by

from rustest.model.choices import Capture


def test_output_of_the_process_and_its_children_is_captured(tmp_path, capfd):
    source = """
        import os, subprocess, sys

        def test_it(capfd):
            print("print")
            os.write(1, b"write\\n")
            subprocess.run(["sh", "-c", "echo child; echo error >&2"], check=True)
            sys.stderr.write("err")
            assert capfd.readouterr() == ("print\\nwrite\\nchild\\n", "error\\nerr")
            assert capfd.readouterr() == ("", "")

        async def test_async(capfdbinary):
            os.write(1, b"\\xff")
            sys.stdout.buffer.write(b"a")
            print("ü")
            out, err = capfdbinary.readouterr()
            assert (out, err) == (b"\\xffa" + "ü\\n".encode(), b"")

        def test_undecodable(capfd):
            os.write(1, b"a\\xffb")
            assert capfd.readouterr().out == "a\\ufffdb"
        """
    assert failing(tmp_path, source) == {}
    assert capfd.readouterr() == ("", "")


def test_what_a_child_goes_on_writing_is_read_piece_by_piece(tmp_path):
    source = """
        import subprocess

        def test_it(capfd):
            command = "for i in 1 2 3; do echo $i; read answer; done"
            child = subprocess.Popen(["sh", "-c", command], stdin=subprocess.PIPE, text=True)
            for number in (1, 2, 3):
                while not (out := capfd.readouterr().out):
                    pass
                assert out == f"{number}\\n"
                child.stdin.write("\\n")
                child.stdin.flush()
            assert child.wait() == 0
            child.stdin.close()
        """
    assert failing(tmp_path, source, timeout=20) == {}


def test_disabled_lets_output_through_and_what_nobody_reads_goes_there_in_the_end(tmp_path, capfd):
    source = """
        import os

        def test_it(capfd):
            os.write(1, b"captured\\n")
            with capfd.disabled():
                os.write(1, b"let through\\n")
                print("printed", flush=True)
            os.write(1, b"again\\n")
            assert capfd.readouterr().out == "captured\\nagain\\n"
            os.write(1, b"unread\\n")
            os.write(2, b"unread error\\n")
        """
    assert written_by(tmp_path, source) == {"test_it": "unread\nunread error\n"}
    assert capfd.readouterr() == ("let through\nprinted\n", "")
    assert failing(tmp_path, source, capture=Capture.NO) == {}
    assert capfd.readouterr() == ("let through\nprinted\nunread\n", "unread error\n")


def test_descriptors_and_streams_are_as_before_and_none_is_left_open(tmp_path):
    source = """
        import os, sys

        streams, before = [], []

        def look():
            return sys.stdout, sys.stderr, os.fstat(1).st_ino, os.fstat(2).st_ino, len(os.listdir("/dev/fd"))

        def test_before():
            before.append(look())

        def test_it(capfd):
            streams.append(sys.stdout)
            assert look()[2:4] != before[0][2:4]
            1 / 0

        def test_after():
            assert [look()] == before
            assert streams[0].closed
        """
    assert failing(tmp_path, source) == {"test_it": "failed; ZeroDivisionError: division by zero"}
