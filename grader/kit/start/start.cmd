@echo off
rem Start Alongside: makes its own Python environment once, then opens the course.
rem Paths may hold any letters, so each stands in quotes, and none is read twice.
setlocal EnableExtensions DisableDelayedExpansion
title Alongside
set "OWN=%LOCALAPPDATA%"
if not defined OWN set "OWN=%USERPROFILE%\AppData\Local"
set "OWN=%OWN%\Alongside"
set "PLACE=%OWN%\@KIT@"
set "PYTHON=%PLACE%\Scripts\python.exe"
set "LOG=%OWN%\set-up.txt"
set "UV=parts\uv\win\uv.exe"
set "UV_PYTHON_INSTALL_DIR=%OWN%\python"
set "UV_PYTHON_INSTALL_REGISTRY=0"
set "UV_PYTHON_INSTALL_BIN=0"
set "UV_CACHE_DIR=%OWN%\uv-cache"

if not exist "%PLACE%\ready.txt" goto setup
"%PYTHON%" -I -c "import grader" >nul 2>&1
if errorlevel 1 goto setup
goto learn

:setup
if not exist "parts\@KIT@.txt" pushd "%~dp0"
if not exist "parts\@KIT@.txt" goto packed
if not exist "%UV%" goto packed
if not exist "%OWN%\" mkdir "%OWN%" >nul 2>&1
>"%LOG%" echo @KIT@
if not exist "%LOG%" goto noroom
echo Alongside is being set up. This happens once and can take some minutes.
if exist "%PLACE%\" rmdir /s /q "%PLACE%"
"%UV%" venv --no-config --no-project --offline --no-python-downloads --python "@PYTHONS@" "%PLACE%" >>"%LOG%" 2>&1
if errorlevel 1 goto fetch
"%UV%" pip install --no-config --no-cache --offline --no-index --find-links parts\wheels --link-mode copy --python "%PYTHON%" alongside==@VERSION@ >>"%LOG%" 2>&1
if errorlevel 1 goto fetch
goto ready

:fetch
echo.
echo Alongside needs Python, a free program. No Python that fits was found here.
echo It can be fetched now. This needs the internet, this one time.
echo It goes into a folder of its own and changes nothing else.
echo To go on, press a key. To stop, close this window.
pause >nul
echo Python is being fetched. Please wait.
if exist "%PLACE%\" rmdir /s /q "%PLACE%"
"%UV%" venv --no-config --no-project --managed-python --python @FETCHED@ "%PLACE%" >>"%LOG%" 2>&1
if errorlevel 1 goto nopython
"%UV%" pip install --no-config --no-cache --offline --no-index --find-links parts\wheels --link-mode copy --python "%PYTHON%" alongside==@VERSION@ >>"%LOG%" 2>&1
if errorlevel 1 goto noinstall

:ready
>"%PLACE%\ready.txt" echo @KIT@
if not exist "%PLACE%\ready.txt" goto noinstall
pushd "%OWN%"
for /d %%D in (kit-*) do if not "%%D"=="@KIT@" rmdir /s /q "%%D" >nul 2>&1
popd

:learn
echo The course opens in your browser. Your answers are kept in the folder Alongside.
echo To end the course, close this window.
"%PYTHON%" -I -m grader.cli learn
if errorlevel 1 goto stopped
exit /b 0

:packed
echo.
echo Some files of Alongside are not here. Is the zip file still packed?
echo Close this window. Right-click the zip file and choose "Extract All".
echo Then open the new folder and start "Start Alongside" there.
goto end

:noroom
echo.
echo Alongside cannot make its folder on this computer.
echo Make some room on the disk and start again. Your answers are safe.
goto end

:nopython
echo.
echo Python could not be fetched.
echo See whether this computer is on the internet, then start again.
echo You can also install Python @OLDEST@ or newer from python.org yourself.
goto more

:noinstall
echo.
echo Alongside could not be set up. Your answers are safe.
echo Make some room on the disk and start again.
goto more

:stopped
echo.
echo The course has stopped. Your answers are safe.
echo Read the lines above, then start again.
goto end

:more
echo If that does not help, send your trainer this file:
echo "%LOG%"
goto end

:end
echo.
echo Press a key to close this window.
pause >nul
exit /b 1
